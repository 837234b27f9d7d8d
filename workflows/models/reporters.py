"""Who filed a case: a separate sealed row, and the record of each opening."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.contact import MESSENGERS, ContactBy


class Reporter(models.Model):
    """Encrypted with ``core.sealing``; opened only by ``services.identity.reveal_identity`` with a reason."""

    complaint = models.OneToOneField("workflows.Complaint", models.CASCADE, related_name="reporter")
    name_sealed = models.TextField(blank=True, editable=False)
    phone_sealed = models.TextField(blank=True, editable=False)
    email_sealed = models.TextField(blank=True, editable=False)
    # Empty: by e-mail where an address was given, else by the messenger the report came by.
    contact_by = models.CharField(_("news by"), max_length=10, choices=ContactBy, blank=True, default="")
    language = models.CharField(max_length=8, default="id")
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def gave_contact(self) -> bool:
        return bool(self.phone_sealed or self.email_sealed)

    def contact(self, came_by: str) -> tuple[str, str]:
        """Channel and sealed address of messages to the reporter; both empty where none are sent."""
        way = self.contact_by or (ContactBy.EMAIL.value if self.email_sealed else came_by)
        sealed = self.sealed_for(way)
        return (way, sealed) if sealed else ("", "")

    def sealed_for(self, way: str) -> str:
        """The address that belongs to a way; empty where none was given."""
        if way == ContactBy.EMAIL:
            return self.email_sealed
        return self.phone_sealed if way in MESSENGERS else ""

    @property
    def gave_name(self) -> bool:
        return bool(self.name_sealed)


class IdentityAccess(models.Model):
    """One opening of a sealed identity; the reporter sees the list."""

    reporter = models.ForeignKey(Reporter, models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer"))
    reason = models.CharField(_("reason"), max_length=250)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("opening of an identity")
        verbose_name_plural = _("openings of identities")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="identity_opened_with_a_reason")]

    def __str__(self):
        return f"{self.user} {self.at:%Y-%m-%d %H:%M}"

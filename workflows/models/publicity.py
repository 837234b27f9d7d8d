"""What the public reads of a case, who follows it, and who must not handle it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency
from core.permissions import scope_of
from workflows.states import NEVER_PUBLIC

if TYPE_CHECKING:
    from core.models import User


class PublicEntryQuerySet(models.QuerySet):
    def published(self) -> Self:
        """What may be shown to anybody now: checked by a person, not taken down, and neither confidential nor rejected
        or merged meanwhile."""
        shown = self.filter(withdrawn_at__isnull=True, complaint__is_confidential=False)
        return shown.exclude(complaint__status__in=NEVER_PUBLIC)


class PublicEntry(models.Model):
    """A case as the public reads it: texts of their own, masked and checked by a person before they are shown."""

    complaint = models.OneToOneField("workflows.Complaint", models.CASCADE, related_name="public_entry")
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("description"))
    answer = models.TextField(_("answer"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by")
    )
    published_at = models.DateTimeField(_("published at"), db_index=True)
    withdrawn_at = models.DateTimeField(_("taken down at"), null=True, blank=True)

    objects = PublicEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("public text of a case")
        verbose_name_plural = _("public texts of cases")

    def __str__(self):
        return self.title


class Follower(models.Model):
    """An address that wants to hear of somebody else's published case; sealed, and silent until confirmed."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="followers")
    email_sealed = models.TextField(editable=False)
    recipient_hash = models.CharField(max_length=64, editable=False)
    language = models.CharField(max_length=8, default="id")
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "recipient_hash"], name="address_follows_a_case_once")
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.recipient_hash[:8]}"


class ConflictQuerySet(models.QuerySet):
    def of(self, user: "User") -> Self:
        """Where the person is named, or holds a role at the named office or a unit below it (not above it)."""
        paths = [grant.path for grant in scope_of(user).grants if grant.path]
        parts = [path.strip("/").split("/") for path in paths]
        offices = {int(pk) for part in parts for pk in part if pk}
        return self.filter(Q(user_id=user.pk) | Q(agency_id__in=offices))


class ConflictOfInterest(models.Model):
    """Who a case is about: this person, or everybody who works at this office, has no way to it."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="conflicts")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("named by"))
    at = models.DateTimeField(_("at"))

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=True, user__isnull=False) | Q(agency__isnull=False, user__isnull=True),
                name="conflict_names_a_person_or_an_office",
            ),
            models.UniqueConstraint(fields=["complaint", "agency", "user"], name="conflict_named_once"),
        ]

    def __str__(self):
        return f"{self.complaint_id}: {self.user_id or self.agency_id}"

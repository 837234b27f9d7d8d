"""What guards the answers: counters of posts, contradicting second posts, and the networks of the offices."""

from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Agency

from .collecting import OwnedQuerySet
from .responses import Response


class PostCount(models.Model):
    """Posts of one window under an anonymous name (see ``surveys.limits``); swept when the window has passed."""

    name = models.CharField(max_length=32, primary_key=True)
    n = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("post counter")
        verbose_name_plural = _("post counters")

    def __str__(self):
        return f"{self.name}: {self.n}"


class ResponseConflict(models.Model):
    """The same form sent a second time with other content. The first one counts; this is kept to be looked at."""

    # Goes when the answer is erased: it is that person's text too.
    response = models.ForeignKey(Response, models.CASCADE, related_name="conflicts")
    payload_hash = models.CharField(max_length=64)
    # {"scores": {...}, "profile": {...}, "comment": "...", "own": {...}} as read from the form.
    content = models.JSONField()
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        ordering = ["received_at"]
        verbose_name = _("contradicting second answer")
        verbose_name_plural = _("contradicting second answers")
        constraints = [models.UniqueConstraint(fields=["response", "payload_hash"], name="conflict_content_once")]

    def __str__(self):
        return f"#{self.response_id}"


def validate_network(text: str) -> None:
    try:
        network = ip_network(text, strict=False)
    except ValueError as error:
        raise ValidationError(_("This is not a network. Write it like 203.0.113.0/28.")) from error
    if network.prefixlen < (16 if network.version == 4 else 32):
        raise ValidationError(_("This network is too large to belong to an office."))


class OfficeNetwork(models.Model):
    """Where an agency's own computers reach the internet. Open answers from there are marked, never refused."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="networks", verbose_name=_("agency"))
    network = models.CharField(
        _("network"),
        max_length=43,
        validators=[validate_network],
        help_text=_("Public address or range of the office, for example 203.0.113.7 or 203.0.113.0/28."),
    )
    note = models.CharField(_("note"), max_length=120, blank=True, default="")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "network"]
        verbose_name = _("office network")
        verbose_name_plural = _("office networks")
        constraints = [models.UniqueConstraint(fields=["agency", "network"], name="office_network_once")]

    def __str__(self):
        return self.network

    def clean(self) -> None:
        try:
            self.network = str(ip_network(self.network.strip(), strict=False))
        except ValueError:
            return

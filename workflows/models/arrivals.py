"""What machines bring in: gateways with a secret each, and a record of every message so that none counts twice."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region
from core.permissions import scope_of
from workflows.permissions import DESK_ROLES, SUPERVISORS

if TYPE_CHECKING:
    from core.models import User


class GatewayQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).region_q(SUPERVISORS))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def sending(self) -> Self:
        """Those that can also deliver a message."""
        return self.filter(Q(is_simulator=True) | ~Q(outbound_url=""))


class Gateway(models.Model):
    """A WhatsApp or SMS gateway that posts signed messages here, and may be posted to."""

    class Kind(models.TextChoices):
        WHATSAPP = "whatsapp", "WhatsApp"
        SMS = "sms", "SMS"

    region = models.ForeignKey(Region, models.PROTECT, related_name="gateways", verbose_name=_("region"))
    slug = models.SlugField(_("name in the address"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    secret_sealed = models.TextField(editable=False)
    outbound_url = models.URLField(
        _("address for answers"),
        blank=True,
        help_text=_("https only; without one the gateway only receives."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # Keeps what it sends instead of posting it; a demo installation shows it on a page.
    is_simulator = models.BooleanField(_("simulator"), default=False, editable=False)
    daily_limit = models.PositiveIntegerField(_("messages a day"), default=1000)

    objects = GatewayQuerySet.as_manager()

    class Meta:
        ordering = ["region", "name"]
        verbose_name = _("message gateway")
        verbose_name_plural = _("message gateways")

    def __str__(self):
        return self.name

    @property
    def source(self) -> str:
        return f"gateway:{self.slug}"


class InboundQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).region_q(DESK_ROLES))

    def waiting(self) -> Self:
        return self.filter(outcome=InboundMessage.Outcome.HELD)


class InboundMessage(models.Model):
    """One message of a mailbox or gateway and what became of it; its words stay, sealed, only while the desk looks."""

    class Outcome(models.TextChoices):
        FILED = "filed", _("Filed as a complaint")
        REPLIED = "replied", _("Added to a case")
        HELD = "held", _("Waiting for the desk")
        DISCARDED = "discarded", _("Set aside by the desk")
        IGNORED = "ignored", _("Ignored")

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    source = models.CharField(_("came from"), max_length=40)
    external_hash = models.CharField(max_length=64, editable=False)
    sender_hash = models.CharField(max_length=64, editable=False, blank=True)
    received_at = models.DateTimeField(_("received at"))
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome)
    # A code of ``workflows.intake.reasons``.
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    complaint = models.ForeignKey(
        "workflows.Complaint",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inbound",
        verbose_name=_("complaint"),
    )
    content_sealed = models.TextField(blank=True, editable=False)
    form_key = models.CharField(max_length=64, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = InboundQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        indexes = [
            models.Index(fields=["source", "sender_hash", "received_at"], name="inbound_sender"),
            models.Index(fields=["region", "received_at"], name="inbound_waiting", condition=Q(outcome="held")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_hash"], name="inbound_message_once"),
            models.CheckConstraint(
                condition=Q(outcome="held") | Q(content_sealed=""), name="inbound_words_only_while_waiting"
            ),
        ]

    def __str__(self):
        return f"{self.source} {self.received_at:%Y-%m-%d %H:%M}"

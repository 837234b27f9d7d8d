"""An entry dated back further than an officer may: kept sealed until a supervisor has looked at it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Region
from core.permissions import scope_of
from workflows.permissions import HEAD_ROLES, SUPERVISORS
from workflows.states import Channel

if TYPE_CHECKING:
    from core.models import User


class HeldEntryQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The own entries, and those a supervisor decides: of the region, or of the own agency's officers."""
        scope = scope_of(user)
        if not user.is_authenticated:
            return self.none()
        decided_here = scope.region_q(SUPERVISORS) | scope.agency_q(HEAD_ROLES, prefix="agency__")
        return self.filter(decided_here | Q(entered_by=user))

    def waiting(self) -> Self:
        return self.filter(state=HeldEntry.State.WAITING)


class HeldEntry(models.Model):
    """Who dated back what, why, and who decided; the words themselves are sealed and wiped after the decision."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a supervisor")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    region = models.ForeignKey(Region, models.PROTECT, related_name="held_entries", verbose_name=_("region"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency of the officer")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    received_at = models.DateTimeField(_("received at"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="held_entries", verbose_name=_("entered by")
    )
    reason = models.CharField(_("why so late"), max_length=250)
    # Everything typed, and the form's token; after approval only the token, until the receipt was printed.
    payload_sealed = models.TextField(blank=True, editable=False)
    # Files that wait with the entry are not swept.
    form_key = models.CharField(max_length=64, editable=False, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("remark"), max_length=250, blank=True)
    complaint = models.OneToOneField(
        "workflows.Complaint", models.PROTECT, null=True, blank=True, related_name="held_entry"
    )

    objects = HeldEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        verbose_name = _("entry dated back")
        verbose_name_plural = _("entries dated back")
        constraints = [
            models.UniqueConstraint(fields=["form_key"], name="held_entry_once_per_form"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="held_entry_decision_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("entered_by")),
                name="held_entry_decided_by_somebody_else",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="held_entry_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.received_at:%Y-%m-%d}"

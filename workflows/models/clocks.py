"""Legs and clocks: how long each agency had a case, and whether each limit was met."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency
from workflows.states import Outcome

from .policies import SlaPolicy


class Leg(models.Model):
    """One forwarding. A case sent to and fro has several; none of them resets the citizen's clock."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="legs")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="legs", db_index=False, verbose_name=_("agency"))
    # The arbiter's decision: this agency may not return the case.
    is_binding = models.BooleanField(_("decided by the arbiter"), default=False)
    forwarded_at = models.DateTimeField(_("forwarded at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    return_reason = models.CharField(_("reason of the return"), max_length=20, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    class Meta:
        ordering = ["forwarded_at", "pk"]
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        indexes = [
            models.Index(fields=["agency", "forwarded_at", "complaint"], name="legs_of_an_agency"),
            models.Index(
                fields=["agency", "complaint"], condition=Q(returned_at__isnull=False), name="legs_given_back"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(returned_at__isnull=True, answered_at__isnull=True),
                name="complaint_has_one_open_leg",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(answered_at__isnull=True), name="leg_ends_once"
            ),
        ]

    def __str__(self):
        return f"{self.complaint_id} → {self.agency}"

    @property
    def is_open(self) -> bool:
        return self.returned_at is None and self.answered_at is None


class ClockCycle(models.Model):
    """One run of one clock. When it stops its outcome is written once and never computed again."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="clocks")
    kind = models.CharField(_("clock"), max_length=8, choices=SlaPolicy.Clock)
    leg = models.OneToOneField(Leg, models.CASCADE, null=True, blank=True, related_name="clock")
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    # Frozen at filing; without one the clock is not measured, never "in time".
    policy = models.ForeignKey(SlaPolicy, models.PROTECT, null=True, blank=True, related_name="clocks")
    calendar_version = models.PositiveIntegerField(default=0)
    # Number of the last event the dates below were computed from.
    event_version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("started at"))
    # The promise. A calendar that gives an earlier date leaves it where it is; staff see both.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    counted_due_at = models.DateTimeField(_("due by the count"), null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(_("working days of extension"), default=0)
    # Late before the date was extended or the limit changed: the new date does not undo it.
    is_breached = models.BooleanField(_("was late before"), default=False)
    # When the ladder looks at this clock next; empty: not planned since its date was computed.
    remind_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    working_minutes = models.PositiveIntegerField(_("working minutes used"), null=True, blank=True)
    paused_minutes = models.PositiveIntegerField(_("paused working minutes"), null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            models.Index(
                fields=["remind_at"],
                name="clock_to_remind",
                condition=Q(stopped_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(fields=["calendar_version"], name="clock_by_calendar", condition=Q(stopped_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"], condition=Q(stopped_at__isnull=True), name="one_running_clock_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, outcome="") | Q(stopped_at__isnull=False) & ~Q(outcome=""),
                name="stopped_clock_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="clock_stops_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.complaint_id} {self.kind}"

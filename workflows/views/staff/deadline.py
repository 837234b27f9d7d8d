"""Why this date? Every clock of a case, and the citizen's deadline day by day."""

from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from workflows.calendar import NoWorkingTime
from workflows.models import ClockCycle, Complaint, SlaPolicy
from workflows.selectors.complaints import pauses_of
from workflows.selectors.deadlines import cautions, explain
from workflows.services.clocks import calendar_of, desk_behind
from workflows.sla import Deadline, due_in_working_days
from workflows.views.staff.base import StaffScreen, visible_case


class DeadlineView(StaffScreen, TemplateView):
    template_name = "workflows/staff/deadline.html"

    def get_page_title(self) -> str:
        return _("Deadline of %(reference)s") % {"reference": self.case.reference}

    @cached_property
    def case(self) -> Complaint:
        return visible_case(self.request.user, self.kwargs["reference"])

    @cached_property
    def clocks(self) -> list[ClockCycle]:
        clocks = ClockCycle.objects.filter(complaint=self.case)
        return list(clocks.select_related("policy", "leg__agency__region").order_by("cycle", "started_at", "pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deadlines = [(clock, self.deadline_of(clock)) for clock in self.clocks]
        return super().get_context_data(
            case=self.case,
            clocks=[
                (clock, explain(found), cautions(found)) if found else (clock, [], []) for clock, found in deadlines
            ],
            **kwargs,
        )

    def deadline_of(self, clock: ClockCycle) -> Deadline | None:
        """Counted again for the page; only limits in working days are told day by day."""
        calendar = calendar_of(clock.leg.agency if clock.leg else desk_behind(self.case).coordinator)
        if clock.policy is None or calendar is None or clock.policy.unit != SlaPolicy.Unit.WORKING_DAYS:
            return None
        pauses = pauses_of(self.case, clock.stopped_at or timezone.now())
        try:
            return due_in_working_days(calendar, clock.started_at, clock.policy.number, pauses=pauses)
        except NoWorkingTime:
            return None

"""Why this date? Each clock of a case told day by day, for staff and for the citizen.

A clock that has stopped is told by the calendar as it was known on that day; what was written then never changes.
"""

from datetime import date, datetime
from typing import NamedTuple

from workflows.calendar import WorkingCalendar
from workflows.models import ClockCycle, Complaint, SlaPolicy, WorkingHours
from workflows.pauses import crowded_days
from workflows.selectors.calendars import calendar_for
from workflows.selectors.complaints import pauses_of
from workflows.selectors.deadlines import ExplainedDay, cautions, explain
from workflows.selectors.desk import desk_of
from workflows.selectors.ladder import deadline_of
from workflows.sla import Pause

Clock = SlaPolicy.Clock
# What a citizen is promised; the rest is how the offices share the time.
PROMISED = (Clock.TOTAL, Clock.CONFIRM)


class ToldClock(NamedTuple):
    """A clock with every day from its start to its date. ``is_kept``: the promise is later than the count."""

    clock: ClockCycle
    days: list[ExplainedDay]
    warnings: list[str]
    is_kept: bool

    @property
    def sources(self) -> list[str]:
        """The documents behind the days, each once, in the order they are first needed."""
        return list(dict.fromkeys(day.source for day in self.days if day.source))

    @property
    def numbered(self) -> list[tuple[ExplainedDay, int]]:
        """Each day with the number of its source, from 1; 0 where it has none."""
        numbers = {source: number for number, source in enumerate(self.sources, start=1)}
        return [(day, numbers.get(day.source, 0)) for day in self.days]

    @property
    def paused_minutes(self) -> int:
        return sum(day.paused_minutes for day in self.days)


def told_clocks(complaint: Complaint, now: datetime, *, for_citizen: bool) -> list[ToldClock]:
    """The clocks of a case in the order they started."""
    rows = ClockCycle.objects.filter(complaint=complaint).select_related("policy", "leg__agency__region")
    rows = rows.filter(kind__in=PROMISED) if for_citizen else rows
    pauses = pauses_of(complaint, now)
    return [_told(complaint, clock, pauses) for clock in rows.order_by("cycle", "started_at", "pk")]


def paused_often(complaint: Complaint, now: datetime) -> list[date]:
    """Days on which the clock was stopped so often that a supervisor should look."""
    return crowded_days(pauses_of(complaint, now), complaint.region.zone)


def _told(complaint: Complaint, clock: ClockCycle, pauses: list[Pause]) -> ToldClock:
    calendar = _calendar(complaint, clock)
    before = [
        _cut(pause, clock.stopped_at) for pause in pauses if not clock.stopped_at or pause.start < clock.stopped_at
    ]
    found = deadline_of(clock, calendar, before) if calendar else None
    is_kept = clock.due_at is not None and clock.counted_due_at is not None and clock.due_at > clock.counted_due_at
    return ToldClock(clock, explain(found) if found else [], cautions(found) if found else [], is_kept)


def _cut(pause: Pause, at: datetime | None) -> Pause:
    return Pause(pause.start, min(pause.end, at)) if at else pause


def _calendar(complaint: Complaint, clock: ClockCycle) -> WorkingCalendar | None:
    office = clock.leg.agency if clock.leg else desk_of(complaint.region).coordinator
    known_on = clock.stopped_at.astimezone(complaint.region.zone).date() if clock.stopped_at else None
    try:
        return calendar_for(office, known_on=known_on)
    except WorkingHours.DoesNotExist:
        return None

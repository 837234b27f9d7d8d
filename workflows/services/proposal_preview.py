"""What a proposed change of the calendars would do to the open cases, without doing it.

The changed calendars are built inside a transaction that is rolled back, so the preview counts by exactly the rows that
approval would write.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from core.models import Agency, Region
from workflows.calendar import WorkingCalendar
from workflows.models import CalendarProposal, WorkingHours
from workflows.selectors.calendars import build_calendar
from workflows.selectors.desk import desk_of
from workflows.selectors.redating import Dated, Tables, as_running, pauses_of_open_cases, redated, running_clocks
from workflows.services.calendar_changes import apply_change

Kind = CalendarProposal.Kind


class Found(NamedTuple):
    """``moves`` as lists of case, clock, agency (0: desk), old date, new date, promise; ``summary`` counts them."""

    moves: list[list[Any]]
    summary: dict[str, Any]


class ClosedYear(NamedTuple):
    year: int
    office: str


def counted_moves(proposal: CalendarProposal) -> Found:
    """Every running clock whose count changes."""
    wanted = Q() if proposal.region_id is None else Q(complaint__region=proposal.region_id)
    tables = Tables(calendars_after(proposal, _offices(wanted)))
    checked, moved = 0, []
    for dated in redated(as_running(running_clocks(wanted)), tables, pauses_of_open_cases(proposal.region_id)):
        checked += 1
        if dated.is_moved:
            moved.append(dated)
    moved.sort(key=lambda dated: (dated.clock.complaint, dated.clock.pk))
    return Found([_as_row(dated) for dated in moved], _summary(moved, checked))


def calendars_after(proposal: CalendarProposal, offices: Iterable[Agency | None]) -> dict[int, WorkingCalendar]:
    """The calendars of these offices as they would be; 0 stands for the national one.

    Raises what ``apply_change`` raises.
    """
    built = {}
    with transaction.atomic():
        apply_change(proposal, None)
        for office in _read_again(offices):
            try:
                built[office.pk if office else 0] = build_calendar(office)
            except WorkingHours.DoesNotExist:
                continue
        transaction.set_rollback(True)
    return built


def _read_again(offices: Iterable[Agency | None]) -> list[Agency | None]:
    """As they are with the change: their region may lie in another zone."""
    known = list(offices)
    rows = Agency.objects.select_related("region").in_bulk([office.pk for office in known if office])
    return [office and rows[office.pk] for office in known]


def first_closed_year(proposal: CalendarProposal) -> ClosedYear | None:
    """The first year of the change in which an office would never open; None where every one does."""
    offices = _touched_offices(proposal)
    calendars = calendars_after(proposal, offices)
    names = {office.pk if office else 0: str(office or "") for office in offices}
    years = sorted(_years(proposal))
    closed = (ClosedYear(y, names[pk]) for pk, calendar in calendars.items() for y in years if _is_shut(calendar, y))
    return next(closed, None)


def _is_shut(calendar: WorkingCalendar, year: int) -> bool:
    return not calendar.has_working_time(year)


def _years(proposal: CalendarProposal) -> set[int]:
    content = proposal.content
    if proposal.kind == Kind.ZONE:
        # It moves the hours of an office and closes none.
        return set()
    if proposal.kind == Kind.DAYS:
        return {date.fromisoformat(row["on"]).year for row in content["days"]}
    first = date.fromisoformat(content["first"] if proposal.kind == Kind.RAMADAN else content["valid_from"]).year
    return {first} if proposal.kind == Kind.RAMADAN else {first, first + 1}


def _touched_offices(proposal: CalendarProposal) -> list[Agency | None]:
    """One office of each way of working that the change reaches."""
    if proposal.kind == Kind.WEEK:
        return list(Agency.objects.select_related("region").filter(pk=proposal.content["agency"]))
    rows = Agency.objects.select_related("region").order_by("path")
    if proposal.agency:
        rows = rows.within(proposal.agency)
    elif proposal.region_id:
        rows = rows.filter(region=proposal.region_id)
    by_habit = {(row.region_id, row.working_week, row.joint_leave_observed): row for row in rows}
    return [*by_habit.values()] or [None]


def _offices(wanted: Q) -> list[Agency | None]:
    """Every office by whose calendar a running clock of these cases counts."""
    rows = running_clocks(wanted)
    legs = rows.filter(leg__isnull=False).values_list("leg__agency", flat=True).distinct()
    regions = Region.objects.filter(pk__in=rows.values("complaint__region"))
    desks = [desk_of(region).coordinator for region in regions]
    return [*Agency.objects.select_related("region").filter(pk__in=list(legs)), *desks]


def _summary(moved: list[Dated], checked: int) -> dict[str, Any]:
    later = [dated for dated in moved if dated.is_promise_moved]
    agencies = Counter(dated.clock.agency or 0 for dated in moved)
    kinds = Counter(dated.clock.kind for dated in moved)
    return {
        "checked": checked,
        "clocks": len(moved),
        "cases": len({dated.clock.complaint for dated in moved}),
        "later": len({dated.clock.complaint for dated in later}),
        "kept": len({dated.clock.complaint for dated in moved} - {dated.clock.complaint for dated in later}),
        "by_agency": {str(pk): number for pk, number in agencies.most_common()},
        "by_clock": dict(kinds.most_common()),
    }


def _as_row(dated: Dated) -> list[Any]:
    clock = dated.clock
    return [clock.complaint, clock.kind, clock.agency or 0, *map(_iso, (clock.counted, dated.counted, dated.promised))]


@lru_cache(10_000)
def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="minutes") if at else None

"""What a change of the calendars does to running clocks: the dates before and after, a case at a time.

The count of each clock is a pure function of its events, limit and calendar; here it is made for many at once. A wait
for the reporter that still lasts is left out until it ends, because its length is not known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core.bulk import read_rows
from core.models import Agency, Region
from workflows.calendar import WorkingCalendar
from workflows.counting import DueTable, is_same
from workflows.models import ClockCycle, Complaint, ComplaintEvent, SlaPolicy, WorkingHours
from workflows.pauses import Move, pauses_from
from workflows.selectors.calendars import build_calendar
from workflows.selectors.desk import desk_of
from workflows.sla import Pause, promise
from workflows.states import Action, Status

COLUMNS = (
    "pk", "complaint_id", "kind", "started_at", "due_at", "counted_due_at", "extension_days", "policy__number",
    "policy__unit", "leg__agency_id", "complaint__region_id", "calendar_version", "leg_id",
)  # fmt: skip
UNIT_MINUTES: dict[str, int] = {SlaPolicy.Unit.WORKING_HOURS: 60, SlaPolicy.Unit.WORKING_MINUTES: 1}
FETCHED = 5000
NEVER = datetime.min.replace(tzinfo=UTC)


class RunningClock(NamedTuple):
    """What the count of one clock needs (one row of ``COLUMNS``)."""

    pk: int
    complaint: int
    kind: str
    started_at: datetime
    due_at: datetime | None
    counted: datetime | None
    extension: int
    number: int | None
    unit: str | None
    agency: int | None
    region: int
    calendar_version: int
    leg: int | None


class CaseHead(NamedTuple):
    """What dating a case again reads of it and changes."""

    pk: int
    version: int
    head_hash: str
    status: str
    due_at: datetime | None
    respond_due_at: datetime | None
    next_due_at: datetime | None
    reference: str
    channel: str
    region_id: int


class Dated(NamedTuple):
    """One clock counted again. ``promised`` is never before what was promised."""

    clock: RunningClock
    counted: datetime | None
    promised: datetime | None

    @property
    def is_moved(self) -> bool:
        return self.counted != self.clock.counted

    @property
    def is_promise_moved(self) -> bool:
        return self.promised != self.clock.due_at


class Tables:
    """The tables of all calendars that running clocks count by; one for all offices that open alike."""

    def __init__(self, calendars: Mapping[int, WorkingCalendar] | None = None):
        self._given = calendars
        self._tables: dict[int, DueTable | None] = {}
        self._coordinators: dict[int, int | None] = {}

    def of(self, clock: RunningClock) -> DueTable | None:
        """A leg counts by its agency's calendar, everything else by the coordinator's."""
        agency = clock.agency or self._coordinator(clock.region)
        key = agency or 0
        if key not in self._tables:
            self._tables[key] = self._table(agency)
        return self._tables[key]

    def date(self, clock: RunningClock, pauses: Sequence[Pause] = ()) -> Dated:
        """Count one clock again."""
        table = self.of(clock)
        if table is None or clock.number is None:
            return Dated(clock, None, None)
        minutes = UNIT_MINUTES.get(clock.unit or "", 0) * clock.number
        counted = table.due(
            clock.started_at, days=clock.number, minutes=minutes, pauses=pauses, extension=clock.extension
        )
        return Dated(clock, counted, counted and promise(clock.due_at, counted))

    def _table(self, agency_id: int | None) -> DueTable | None:
        calendar = self._calendar(agency_id)
        if calendar is None:
            return None
        known = next((table for table in self._tables.values() if table and is_same(table.calendar, calendar)), None)
        return known or DueTable(calendar)

    def _calendar(self, agency_id: int | None) -> WorkingCalendar | None:
        if self._given is not None:
            return self._given.get(agency_id or 0)
        agency = Agency.objects.select_related("region").get(pk=agency_id) if agency_id else None
        try:
            return build_calendar(agency)
        except WorkingHours.DoesNotExist:
            return None

    def _coordinator(self, region_id: int) -> int | None:
        if region_id not in self._coordinators:
            coordinator = desk_of(Region.objects.get(pk=region_id)).coordinator
            self._coordinators[region_id] = coordinator.pk if coordinator else None
        return self._coordinators[region_id]


def running_clocks(wanted: Q | None = None) -> QuerySet[ClockCycle]:
    """Clocks that run, of whichever cases."""
    rows = ClockCycle.objects.filter(stopped_at__isnull=True).order_by()
    return rows.filter(wanted) if wanted is not None else rows


def as_running(rows: QuerySet[ClockCycle]) -> Iterator[RunningClock]:
    """The clocks of a query, some thousand at a time."""
    return map(RunningClock._make, read_rows(rows.values_list(*COLUMNS), fetched=FETCHED))


def locked_cases(complaints: Collection[int]) -> list[CaseHead]:
    """Lock these cases, parts of split cases before their wholes (one statement)."""
    rows = Complaint.objects.filter(pk__in=complaints).order_by("share", "pk").select_for_update()
    return list(map(CaseHead._make, read_rows(rows.values_list(*CaseHead._fields))))


def pauses_among(events: Q, until: datetime = NEVER) -> dict[int, list[Pause]]:
    """Waits for the reporter, by case, of the cases whose events are meant (one statement).

    A wait that still lasts ends at ``until``; without that it is left out.
    """
    asked = ComplaintEvent.objects.filter(events, Q(before=Status.NEEDS_INFO) | Q(after=Status.NEEDS_INFO))
    moves: dict[int, list[Move]] = defaultdict(list)
    rows = asked.order_by("complaint", "sequence").values_list("complaint", "at", "before", "after")
    for complaint, at, before, after in rows:
        moves[complaint].append(Move(at, before, after))
    return {complaint: list(pauses_from(made, until)) for complaint, made in moves.items()}


def pauses_of_open_cases(region: int | None = None) -> dict[int, list[Pause]]:
    """The same of all cases with a running clock (one statement)."""
    waited = ComplaintEvent.objects.filter(action=Action.INFO_REQUESTED, complaint__clocks__stopped_at__isnull=True)
    waited = waited.filter(complaint__region=region) if region else waited
    return pauses_among(Q(complaint__in=waited.order_by().values("complaint")))


def redated(clocks: Iterable[RunningClock], tables: Tables, pauses: Mapping[int, list[Pause]]) -> Iterator[Dated]:
    """Every clock with its new count, moved or not."""
    for clock in clocks:
        yield tables.date(clock, pauses.get(clock.complaint, ()))

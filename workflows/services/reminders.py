"""The ladder at work: each rule at most once per clock and person, in office hours, as one digest a person and day.

A sweep looks only at clocks whose next moment has come (``remind_at``). After a stop of the worker everything that is
still open goes out with the next digest, marked late; what ended meanwhile is recorded as missed and sent to nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import notifications
from core.models import Notification, User
from workflows.calendar import ONE_DAY, WorkingCalendar
from workflows.ladder import is_office_hours, opening_after
from workflows.models import ClockCycle, ConflictOfInterest, EscalationRule, Reminder
from workflows.selectors.calendars import CalendarVersion, calendar_version
from workflows.selectors.desk import desk_of
from workflows.selectors.ladder import Ladder, moments
from workflows.selectors.redating import pauses_among
from workflows.services.clocks import calendar_of
from workflows.sla import Pause
from workflows.states import Status

BATCH = 500
# One sweep stops after so many batches; the next one goes on.
MOST_BATCHES = 40
NEVER = datetime(2200, 1, 1, tzinfo=UTC)
MISSED_DAYS = 30


class Offices:
    """Calendars by clock, each built once in a sweep."""

    def __init__(self, version: CalendarVersion):
        self._version = version
        self._known: dict[int, WorkingCalendar | None] = {}

    def calendar_of(self, clock: ClockCycle) -> WorkingCalendar | None:
        """A leg counts by its agency's calendar, everything else by the coordinator's."""
        if clock.leg:
            return calendar_of(clock.leg.agency, self._version)
        region = clock.complaint.region
        if region.pk not in self._known:
            self._known[region.pk] = calendar_of(desk_of(region).coordinator, self._version)
        return self._known[region.pk]

    def is_open(self, clock: ClockCycle, now: datetime) -> bool:
        calendar = self.calendar_of(clock)
        return calendar is not None and is_office_hours(calendar, now)


def remind(now: datetime) -> int:
    """Record what has come due and send the digests; how many digests."""
    ladder, offices = Ladder(), Offices(calendar_version())
    for _number in range(MOST_BATCHES):
        if not _plan_batch(ladder, offices, now):
            break
    return send_digests(now, offices)


@dataclass(slots=True)
class _Look:
    """One batch of clocks and what is known about them."""

    ladder: Ladder
    offices: Offices
    now: datetime
    pauses: Mapping[int, Sequence[Pause]]
    known: set[tuple[int, int]]
    # People a case is about are not told of it.
    named: set[tuple[int, int]]
    rows: list[Reminder] = field(default_factory=list)

    def plan(self, clock: ClockCycle) -> datetime:
        """Add the reminders that have come due; when to look again."""
        calendar = self.offices.calendar_of(clock)
        if calendar is None:
            return NEVER
        agency = clock.leg.agency if clock.leg else clock.complaint.current_agency
        rules = self.ladder.rules_for(clock.kind, clock.complaint.region_id, agency)
        found = moments(rules, clock, calendar, self.pauses.get(clock.complaint_id, ()))
        planned = [(at, rule) for at, rule in found if (clock.pk, rule.pk) not in self.known]
        due = [(at, rule) for at, rule in planned if at <= self.now]
        if due and not is_office_hours(calendar, self.now):
            return _next_opening(calendar, self.now)
        for at, rule in due:
            self._record(clock, rule, at)
        return next((at for at, _rule in planned if at > self.now), NEVER)

    def _record(self, clock: ClockCycle, rule: EscalationRule, at: datetime) -> None:
        row = {"clock": clock, "rule": rule, "due_at": at, "recorded_at": self.now}
        people = [
            who
            for who in self.ladder.recipients(rule, clock)
            if who.user is None or (clock.complaint_id, who.user.pk) not in self.named
        ]
        self.rows += [Reminder(user=who.user, address=who.address, **row) for who in people]
        if not people:
            self.rows.append(Reminder(status=Reminder.Status.NOBODY, **row))


@transaction.atomic
def _plan_batch(ladder: Ladder, offices: Offices, now: datetime) -> int:
    clocks = list(_to_plan(now)[:BATCH])
    if not clocks:
        return 0
    cases = [clock.complaint_id for clock in clocks]
    named = set(ConflictOfInterest.objects.filter(complaint__in=cases).values_list("complaint", "user"))
    look = _Look(ladder, offices, now, pauses_among(Q(complaint__in=cases)), _known_of(clocks), named)
    for clock in clocks:
        clock.remind_at = look.plan(clock)
    Reminder.objects.bulk_create(look.rows, ignore_conflicts=True)
    ClockCycle.objects.bulk_update(clocks, ["remind_at"])
    return len(clocks)


def _to_plan(now: datetime) -> QuerySet[ClockCycle]:
    """Clocks to look at; while the reporter is asked the clock stands still and nobody is reminded."""
    rows = ClockCycle.objects.filter(stopped_at__isnull=True, due_at__isnull=False)
    rows = rows.filter(Q(remind_at__isnull=True) | Q(remind_at__lte=now))
    rows = rows.exclude(complaint__status=Status.NEEDS_INFO).order_by("pk")
    return _related(rows).select_for_update(of=("self",))


def _related(rows: QuerySet[ClockCycle]) -> QuerySet[ClockCycle]:
    related = ("policy", "leg__agency__region", "complaint__region", "complaint__current_agency", "complaint__assignee")
    return rows.select_related(*related).defer("complaint__body")


def _next_opening(calendar: WorkingCalendar, now: datetime) -> datetime:
    """The next instant at which the office opens, after a break as well as after a night."""
    today = calendar.day(calendar.local_date(now))
    later = (opens for opens, _closes in today.spans if opens > now)
    return next(later, None) or opening_after(calendar, now, 1)


def _known_of(clocks: Iterable[ClockCycle]) -> set[tuple[int, int]]:
    rows = Reminder.objects.filter(clock__in=[clock.pk for clock in clocks])
    return set(rows.values_list("clock", "rule"))


def record_missed(now: datetime) -> int:
    """Record what had come due before a clock stopped and was never sent; how many."""
    stopped = ClockCycle.objects.filter(stopped_at__gte=now - MISSED_DAYS * ONE_DAY, remind_at__lte=F("stopped_at"))
    ladder, offices, rows = Ladder(), Offices(calendar_version()), []
    for clock in _related(stopped).order_by("pk"):
        calendar, agency = offices.calendar_of(clock), clock.leg.agency if clock.leg else None
        if calendar is None or clock.stopped_at is None:
            continue
        known = _known_of([clock])
        rules = ladder.rules_for(clock.kind, clock.complaint.region_id, agency)
        for at, rule in moments(rules, clock, calendar, ()):
            if at <= clock.stopped_at and (clock.pk, rule.pk) not in known:
                rows.append(Reminder(clock=clock, rule=rule, due_at=at, recorded_at=now, status=Reminder.Status.MISSED))
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_digests(now: datetime, offices: Offices) -> int:
    """One letter a day to everybody who has reminders waiting; how many.

    What came due after the day's letter waits for the next opening of the office whose clock it is about.
    """
    waiting = Reminder.objects.filter(status=Reminder.Status.WAITING, due_at__lte=now)
    related = ("user", "clock__complaint__region", "clock__leg__agency__region")
    by_person: dict[tuple[int | None, str], list[Reminder]] = defaultdict(list)
    for row in waiting.select_related(*related).order_by("due_at", "pk"):
        if offices.is_open(row.clock, now):
            by_person[row.user_id, row.address].append(row)
    return sum(_send(person, reminders, now) for person, reminders in by_person.items())


@transaction.atomic
def _send(person: tuple[int | None, str], reminders: list[Reminder], now: datetime) -> bool:
    """The day's digest; what comes later on the same day waits for the next one."""
    zone = reminders[0].clock.complaint.region.zone
    today = now.astimezone(zone).date()
    key = f"deadline_digest:{person[0] or person[1]}:{today.isoformat()}"
    if Notification.objects.filter(dedupe_key=key).exists():
        return False
    user = reminders[0].user
    told = _meant_for(user, [row for row in reminders if row.clock.stopped_at is None])
    dropped = {row.pk for row in reminders} - {row.pk for row in told}
    Reminder.objects.filter(pk__in=dropped).update(status=Reminder.Status.MISSED)
    if not told:
        return False
    lines = [_line(row, now, zone) for row in told]
    regions = {row.clock.complaint.region_id for row in told}
    notifications.enqueue(
        "deadline_digest",
        to=user.email if user else person[1],
        dedupe_key=key,
        context={"lines": lines, "number": len(lines), "day": today.isoformat()},
        purpose=Notification.Purpose.DIGEST,
        # The wording of a region holds for its own cases; a letter about several regions keeps the program's.
        region_id=regions.pop() if len(regions) == 1 else None,
    )
    for row in told:
        row.status, row.sent_at = Reminder.Status.SENT, now
        row.is_late = row.due_at.astimezone(zone).date() < today
    Reminder.objects.bulk_update(told, ["status", "sent_at", "is_late"])
    return True


def _meant_for(user: User | None, rows: list[Reminder]) -> list[Reminder]:
    """Nobody is reminded of a case that is about them or their office."""
    if user is None:
        return rows
    cases = {row.clock.complaint_id for row in rows}
    named = ConflictOfInterest.objects.of(user).filter(complaint__in=cases)
    about = set(named.values_list("complaint_id", flat=True))
    return [row for row in rows if row.clock.complaint_id not in about]


def _line(row: Reminder, now: datetime, zone: Any) -> dict[str, Any]:
    """References and dates only; what a case is about is read behind the sign-in."""
    due = row.clock.due_at
    return {
        "reference": row.clock.complaint.reference,
        "clock": row.clock.kind,
        "due": due.astimezone(zone).strftime("%Y-%m-%d %H.%M") if due else "",
        "late": bool(due and now > due),
    }

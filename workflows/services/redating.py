"""Date open cases again after the calendars changed: one event and one message per case whose dates moved.

Works a batch of cases at a time, each in its own short transaction under a lock, on clocks that were counted under an
earlier version of the calendars. So officers go on working meanwhile, it can be stopped and started again at any place,
and twice does nothing twice. No case is made an object: a decree moves a hundred thousand of them (``core.bulk``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from core import notifications
from core.bulk import insert_rows, part_of_much, update_rows
from core.models import Region
from core.statements import values_of
from workflows.actors import ActorKind
from workflows.chain import digest_of
from workflows.models import ClockCycle, Complaint, ComplaintEvent, Leg, Reporter
from workflows.models.events import facts_of
from workflows.moments import day_text, utc_text
from workflows.selectors.calendars import calendar_version
from workflows.selectors.redating import (
    CaseHead,
    Dated,
    Tables,
    as_running,
    locked_cases,
    pauses_among,
    redated,
    running_clocks,
)
from workflows.services import notices
from workflows.services.clocks import Clock, next_due_of
from workflows.states import Action, Status

BATCH = 500
# On PostgreSQL, which counts one batch while it writes another; SQLite has one writer at a time.
WORKERS = 2
PUBLIC_CLOCKS = (Clock.TOTAL, Clock.CONFIRM)
Progress = Callable[[int], None]


class Change(NamedTuple):
    """What applies to every case of one run. ``document`` is what the reporters are told as the reason."""

    version: int
    document: str
    now: datetime
    # Of each region that has cases.
    zones: dict[int, ZoneInfo]


class Batches:
    """Hands the cases out, in the order of their ids, to the workers; each case once."""

    def __init__(self, version: int, on_batch: Progress | None):
        self._version, self._on_batch = version, on_batch
        self._lock, self._last, self._has_ended = Lock(), 0, False

    def take(self) -> list[int]:
        """The next cases with a running clock that an earlier version was used for; empty at the end."""
        with self._lock:
            if self._has_ended:
                return []
            stale = running_clocks().filter(calendar_version__lt=self._version, complaint__gt=self._last)
            batch = list(stale.order_by("complaint").values_list("complaint", flat=True).distinct()[:BATCH])
            self._last = batch[-1] if batch else self._last
            return batch

    def note_done(self, batch: Sequence[int]) -> None:
        if self._on_batch:
            with self._lock:
                self._on_batch(len(batch))

    def end(self) -> None:
        """Hand out nothing more: a worker has failed, and whoever repeats the work finds what is left."""
        self._has_ended = True


class Touched(NamedTuple):
    """A case of which a date moved, its running clocks, and the columns of the event that says so."""

    case: CaseHead
    dates: list[Dated]
    event: dict[str, Any]


def redate_open_cases(now: datetime, *, document: str = "", on_batch: Progress | None = None) -> int:
    """Count every running clock that an earlier version of the calendars was used for; how many cases moved.

    ``document`` is what the reporters are told as the reason.
    """
    zones = {region.pk: region.zone for region in Region.objects.filter(complaints__isnull=False).distinct()}
    change = Change(calendar_version().number, document, now, zones)
    batches = Batches(change.version, on_batch)
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        return _work(batches, change)
    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(_work_apart, [batches] * WORKERS, [change] * WORKERS))


def stale_cases(version: int) -> int:
    """How many open cases were counted under an earlier version."""
    stale = running_clocks().filter(calendar_version__lt=version)
    return stale.values("complaint").distinct().count()


def _work(batches: Batches, change: Change) -> int:
    """Date batches again until none is left; how many cases moved."""
    tables, moved = Tables(), 0
    while batch := batches.take():
        try:
            moved += _redate(batch, tables, change)
            batches.note_done(batch)
        except BaseException:
            batches.end()
            raise
    return moved


def _work_apart(batches: Batches, change: Change) -> int:
    """The same with a connection of its own, as every thread has."""
    try:
        return _work(batches, change)
    finally:
        connection.close()


@part_of_much()
def _redate(batch: Sequence[int], tables: Tables, change: Change) -> int:
    """One batch of cases, locked; how many moved."""
    cases = locked_cases(batch)
    by_case = _dated_by_case(batch, tables)
    found = ((case, by_case[case.pk]) for case in cases)
    touched = [
        Touched(case, dates, _event(case, dates, change))
        for case, dates in found
        if any(dated.is_moved for dated in dates)
    ]
    insert_rows(ComplaintEvent, [each.event for each in touched])
    # The key of each letter holds the number of an event that did not exist a moment ago.
    notifications.post_many(_letters(touched, change), change.now)
    _write_dates(touched, change.version)
    _note_counted(by_case, touched, change.version)
    return len(touched)


def _dated_by_case(batch: Sequence[int], tables: Tables) -> dict[int, list[Dated]]:
    """The running clocks of a batch, counted; read as a range, which may hold cases that are not in it."""
    within = Q(complaint__gte=batch[0], complaint__lte=batch[-1])
    by_case: dict[int, list[Dated]] = {pk: [] for pk in batch}
    clocks = (clock for clock in as_running(running_clocks(within)) if clock.complaint in by_case)
    for dated in redated(clocks, tables, pauses_among(within)):
        by_case[dated.clock.complaint].append(dated)
    return by_case


def _note_counted(by_case: dict[int, list[Dated]], touched: Sequence[Touched], version: int) -> None:
    """What did not move was counted too."""
    clocks = [dated.clock.pk for dates in by_case.values() for dated in dates if not dated.is_moved]
    ClockCycle.objects.filter(pk__in=clocks).update(calendar_version=version)
    Complaint.objects.filter(pk__in=by_case.keys() - {each.case.pk for each in touched}).update(
        calendar_version=version
    )


def _write_dates(touched: Sequence[Touched], version: int) -> None:
    moved = [(dated, each.event["sequence"]) for each in touched for dated in each.dates if dated.is_moved]
    clocks = [(d.clock.pk, d.promised, d.counted, sequence) for d, sequence in moved]
    dates = ("due_at", "counted_due_at", "event_version")
    update_rows(ClockCycle, dates, clocks, remind_at=None, calendar_version=version)
    update_rows(Leg, ("due_at",), [(d.clock.leg, d.promised) for d, _sequence in moved if d.clock.leg])
    heads = [(e.case.pk, e.event["sequence"], e.event["hash"], *_shown(e.case, e.dates)) for e in touched]
    names = ("version", "head_hash", "due_at", "respond_due_at", "next_due_at")
    update_rows(Complaint, names, heads, calendar_version=version)


def _event(case: CaseHead, dates: Sequence[Dated], change: Change) -> dict[str, Any]:
    """The audit row: the old and the new date of each clock that moved, and the promise that stays."""
    event = _blank_event() | {
        "complaint_id": case.pk,
        "sequence": case.version + 1,
        "before": case.status,
        "after": case.status,
        "is_public": any(d.is_promise_moved and d.clock.kind in PUBLIC_CLOCKS for d in dates),
        "at": change.now,
        "data": {"calendar": change.version, "moves": {d.clock.kind: _move(d) for d in dates if d.is_moved}},
        "prev_hash": case.head_hash,
    }
    event["hash"] = digest_of(facts_of(event), case.head_hash)
    return event


@cache
def _blank_event() -> dict[str, Any]:
    return values_of(ComplaintEvent(action=Action.CALENDAR_CHANGED.value, actor_kind=ActorKind.SYSTEM.value))


def _move(dated: Dated) -> dict[str, Any]:
    clock = dated.clock
    return {
        "from": utc_text(clock.counted),
        "to": utc_text(dated.counted),
        "promise": utc_text(dated.promised),
    }


def _letters(touched: Sequence[Touched], change: Change) -> Iterator[Any]:
    """To the reporters whose dates moved, as far as they can be written to."""
    public = {each.case.pk: each for each in touched if each.event["is_public"]}
    reporters = Reporter.objects.filter(complaint__in=list(public)).exclude(email_sealed="", phone_sealed="")
    for reporter in reporters.defer("name_sealed"):
        case, dates, event = public[reporter.complaint_id]
        moved = next(d for d in dates if d.is_promise_moved and d.clock.kind in PUBLIC_CLOCKS)
        zone = change.zones[case.region_id]
        days = {"due": day_text(moved.promised, zone), "before": day_text(moved.clock.due_at, zone)}
        yield notices.to_reporter_of(
            case, reporter, event["sequence"], "calendar_changed", **days, document=change.document
        )


def _shown(case: CaseHead, dates: Sequence[Dated]) -> tuple[datetime | None, ...]:
    """The dates lists read; a wait for the reporter keeps its own end."""
    due = {dated.clock.kind: dated.promised for dated in dates}
    following = next_due_of(case.status, due) if case.status != Status.NEEDS_INFO else case.next_due_at
    return due.get(Clock.TOTAL, case.due_at), due.get(Clock.RESPOND, case.respond_due_at), following

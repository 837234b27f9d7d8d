"""Date open cases again after the calendars changed: one event and one message per case whose dates moved.

Works a batch of cases at a time, each in its own transaction under a lock, on clocks that were counted under an earlier
version of the calendars. So it can be stopped and started again at any place, and twice does nothing twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField

from core import notifications
from workflows.actors import ActorKind
from workflows.models import ClockCycle, Complaint, ComplaintEvent, Leg
from workflows.selectors.calendars import calendar_version
from workflows.selectors.redating import Dated, Tables, as_running, ended_pauses, redated, running_clocks
from workflows.services import notices
from workflows.services.clocks import Clock, next_due_of
from workflows.states import Action

BATCH = 1000
# Rows of one UPDATE … FROM (VALUES …); a row takes up to six parameters.
ROWS = 500
Progress = Callable[[int], None]


def redate_open_cases(now: datetime, *, document: str = "", on_batch: Progress | None = None) -> int:
    """Count every running clock that an earlier version of the calendars was used for; how many cases moved.

    ``document`` is what the reporters are told as the reason.
    """
    version, tables, moved, last = calendar_version().number, Tables(), 0, 0
    while True:
        batch = _next_batch(last, version)
        if not batch:
            return moved
        last = batch[-1]
        changed = _redate(batch, version, tables, document, now)
        moved += changed
        if on_batch:
            on_batch(len(batch))


def stale_cases(version: int) -> int:
    """How many open cases were counted under an earlier version."""
    stale = running_clocks().filter(calendar_version__lt=version)
    return stale.values("complaint").distinct().count()


def _next_batch(last: int, version: int) -> list[int]:
    stale = running_clocks().filter(calendar_version__lt=version, complaint__gt=last)
    return list(stale.order_by("complaint").values_list("complaint", flat=True).distinct()[:BATCH])


@transaction.atomic
def _redate(batch: Sequence[int], version: int, tables: Tables, document: str, now: datetime) -> int:
    """One batch of cases, locked in the order of their ids, parts of split cases before their wholes."""
    related = ("region", "reporter")
    rows = Complaint.objects.filter(pk__in=batch).select_related(*related).defer("body").order_by("share", "pk")
    cases = {case.pk: case for case in rows.select_for_update(of=("self",))}
    clocks = as_running(running_clocks().filter(complaint__in=list(cases)))
    by_case: dict[int, list[Dated]] = defaultdict(list)
    for dated in redated(clocks, tables, ended_pauses(list(cases))):
        by_case[dated.clock.complaint].append(dated)
    touched = [(cases[pk], dates) for pk, dates in by_case.items() if any(each.is_moved for each in dates)]
    _write(touched, version, document, now)
    running_clocks().filter(complaint__in=batch, calendar_version__lt=version).update(calendar_version=version)
    Complaint.objects.filter(pk__in=batch).update(calendar_version=version)
    return len(touched)


def _write(touched: list[tuple[Complaint, list[Dated]]], version: int, document: str, now: datetime) -> None:
    events = [_event(case, dates, version, now) for case, dates in touched]
    ComplaintEvent.objects.bulk_create(events)
    letters = [
        _letter(event, document, case, dates)
        for event, (case, dates) in zip(events, touched, strict=True)
        if event.is_public
    ]
    notifications.post(letters)
    moved = [dated for _case, dates in touched for dated in dates if dated.is_moved]
    _update_rows(
        ClockCycle, ("due_at", "counted_due_at"), ((d.clock.pk, d.promised, d.counted) for d in moved), remind_at=None
    )
    _update_rows(Leg, ("due_at",), ((d.clock.leg, d.promised) for d in moved if d.clock.leg))
    heads = ((e.complaint_id, e.sequence, e.hash, *_shown(c, d)) for e, (c, d) in zip(events, touched, strict=True))
    _update_rows(Complaint, ("version", "head_hash", "due_at", "respond_due_at", "next_due_at"), heads)


def _event(case: Complaint, dates: list[Dated], version: int, now: datetime) -> ComplaintEvent:
    """The audit row: the old and the new date of each clock that moved, and the promise that stays."""
    moves = {dated.clock.kind: _move(dated) for dated in dates if dated.is_moved}
    event = ComplaintEvent(
        complaint=case,
        sequence=case.version + 1,
        action=Action.CALENDAR_CHANGED,
        before=case.status,
        after=case.status,
        actor_kind=ActorKind.SYSTEM.value,
        is_public=any(d.is_promise_moved for d in dates if d.clock.kind in (Clock.TOTAL, Clock.CONFIRM)),
        at=now,
        data={"calendar": version, "moves": moves},
    )
    event.seal(case.head_hash)
    return event


def _move(dated: Dated) -> dict[str, Any]:
    clock = dated.clock
    return {"from": _iso(clock.counted), "to": _iso(dated.counted), "promise": _iso(dated.promised)}


def _letter(event: ComplaintEvent, document: str, case: Complaint, dates: list[Dated]) -> Any:
    promised = next(d for d in dates if d.is_promise_moved and d.clock.kind in (Clock.TOTAL, Clock.CONFIRM))
    zone = case.region.zone
    context = {
        "due": _day(promised.promised, zone),
        "before": _day(promised.clock.due_at, zone),
        "document": document,
    }
    return notices.to_reporter(event, "calendar_changed", **context)


def _shown(case: Complaint, dates: list[Dated]) -> tuple[datetime | None, ...]:
    """The dates lists read; a wait for the reporter keeps its own end."""
    due = {dated.clock.kind: dated.promised for dated in dates}
    following = next_due_of(case.status, due) if not case.is_paused else case.next_due_at
    return due.get(Clock.TOTAL, case.due_at), due.get(Clock.RESPOND, case.respond_due_at), following


def _update_rows(model: Any, columns: Sequence[str], rows: Iterable[tuple], **fixed: Any) -> None:
    """Set columns of many rows, each to its own values: one statement per some hundred rows on both databases.

    Names come from the models, values are parameters. ``bulk_update`` makes a CASE per column and is much slower.
    """
    table, rows = model._meta.db_table, list(rows)
    casts = [_cast(model, column) for column in columns]
    sets = [
        f'"{column}" = {cast(f"v.column{n}")}' for n, (column, cast) in enumerate(zip(columns, casts, strict=True), 2)
    ]
    sets += [f'"{column}" = NULL' for column in fixed]
    one = f"({', '.join(['%s'] * (len(columns) + 1))})"
    adapt = [_adapted(model._meta.get_field(name)) for name in ("id", *columns)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            values = [value(each) for row in part for value, each in zip(adapt, row, strict=True)]
            sql = f'UPDATE "{table}" SET {", ".join(sets)} FROM (VALUES {", ".join([one] * len(part))}) AS v'  # noqa: S608
            cursor.execute(f'{sql} WHERE "{table}"."id" = v.column1', values)


def _adapted(field: Any) -> Callable[[Any], Any]:
    """A value as the database takes it; many cases share a few dates, so each is adapted once."""
    if not isinstance(field, DateTimeField):
        return lambda value: field.get_db_prep_save(value, connection)
    return cache(lambda value: field.get_db_prep_save(value, connection))


def _cast(model: Any, column: str) -> Callable[[str], str]:
    """PostgreSQL does not guess the type of a column in which every value is NULL; SQLite has no such types."""
    if connection.vendor == "sqlite":
        return str
    kind = model._meta.get_field(column).db_type(connection)
    return lambda expression: f"CAST({expression} AS {kind})"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _day(at: datetime | None, zone: Any) -> str:
    return at.astimezone(zone).date().isoformat() if at else ""

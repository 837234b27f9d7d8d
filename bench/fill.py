"""Very many cases for a measurement: a few made by the demo's own code, the rest copied inside the database.

    seeds = Seeds(region)                # makes SEEDS cases, unless the region has some
    seeds.multiply(10**6)                # copies them until the database holds so many

A copy has all its rows: reporter, forwardings, clocks, events, messages and the words of the full-text index, with ids
of its own. What a copy shares with its seed: dates, words, and the hashes of its events, which therefore prove nothing.
Indexes are dropped and made again, foreign keys and the guards of the record are not asked meanwhile: a database for
measuring only. On PostgreSQL that takes a superuser.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F, Max, Min

from core.models import Region
from core.planner import count_tables
from workflows.actors import ActorKind
from workflows.models import ClockCycle, Complaint, ComplaintEvent, Leg, Message, Reporter
from workflows.services.demo_bulk import make_bulk_complaints
from workflows.states import Action

SEEDS = 2000
# In this order: a row comes after those it points to.
TABLES: tuple[Any, ...] = (Complaint, Reporter, Leg, ClockCycle, ComplaintEvent, Message)
ANSWER = "Terima kasih atas laporannya. Petugas sudah memeriksa lokasi dan memperbaikinya."
SQLITE_LOADING = "PRAGMA foreign_keys=OFF;PRAGMA synchronous=OFF;PRAGMA cache_size=-2000000"
SQLITE_SERVING = "PRAGMA foreign_keys=ON;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000"


class Seeds:
    """The cases that are copied: all there are when this is made."""

    def __init__(self, region: Region, number: int = SEEDS):
        if not Complaint.objects.exists():
            make_bulk_complaints(region=region, n=number, seed=1)
            _say_something()
        ends = {model: model.objects.aggregate(first=Min("pk"), last=Max("pk")) for model in TABLES}
        self.ranges = {model: (found["first"], found["last"]) for model, found in ends.items() if found["last"]}
        self.number, self.copies = Complaint.objects.count(), 0

    def multiply(self, size: int) -> None:
        """Copies until there are at least so many cases; may be called again after others were filed."""
        missing = size - Complaint.objects.count()
        if missing > 0:
            with _loading(), connection.cursor() as cursor:
                for _copy in range(-(-missing // self.number)):
                    self._copy(cursor)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        # As every night; connections opened from now on know of it.
        count_tables()
        connection.close()

    def _copy(self, cursor: Any) -> None:
        self.copies += 1
        shifts = {
            model: model.objects.aggregate(last=Max("pk"))["last"] - first + 1
            for model, (first, _last) in self.ranges.items()
        }
        for model in self.ranges:
            cursor.execute(self._copying(model, shifts))

    def _copying(self, model: Any, shifts: dict[Any, int]) -> str:
        """One copy of all seeds' rows of a table."""
        quote, fields = connection.ops.quote_name, [row for row in model._meta.concrete_fields if not row.generated]
        values = []
        for field in fields:
            shift = shifts.get(model if field.primary_key else field.related_model)
            copied = f" + {shift}" if shift else f" || '-{self.copies}'" if field.name == "reference" else ""
            values.append(quote(field.column) + copied)
        names, table = ", ".join(quote(field.column) for field in fields), quote(model._meta.db_table)
        first, last = self.ranges[model]
        chosen = f"SELECT {', '.join(values)} FROM {table} WHERE id BETWEEN {first} AND {last}"
        return f"INSERT INTO {table} ({names}) {chosen}"


def _say_something() -> None:
    """Each answer with words, as officers write them; the made cases have none."""
    answers = ComplaintEvent.objects.filter(action=Action.FOLLOWED_UP).annotate(case=F("complaint__reference"))
    Message.objects.bulk_create(
        Message(
            complaint_id=event.complaint_id, event=event, is_public=True, author_kind=ActorKind.STAFF.value,
            author_id=event.actor_id, body=f"{ANSWER} ({event.case})", at=event.at,
        )
        for event in answers
    )  # fmt: skip


@contextlib.contextmanager
def _loading() -> Iterator[None]:
    """One transaction without indexes, foreign keys and guards; all are back behind it."""
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        _run(SQLITE_LOADING.split(";"))
    try:
        with transaction.atomic():
            if not is_sqlite:
                _run(["SET LOCAL session_replication_role = replica"])
            dropped = _sqlite_objects() if is_sqlite else _postgres_indexes()
            _run(f"DROP {kind} {connection.ops.quote_name(name)}" for kind, name, _made in dropped)
            yield
            _run(made for _kind, _name, made in dropped)
            _run(connection.ops.sequence_reset_sql(no_style(), list(TABLES)))
    finally:
        if is_sqlite:
            _run(SQLITE_SERVING.split(";"))


def _sqlite_objects() -> list[tuple[str, str, str]]:
    """Indexes and guards; the triggers that keep the words stay."""
    return _read(
        "SELECT upper(type), name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({tables})"
        " AND (type = 'index' OR type = 'trigger' AND name LIKE '%%\\_not\\_replaced' ESCAPE '\\')"
    )


def _postgres_indexes() -> list[tuple[str, str, str]]:
    """Those that no constraint stands on."""
    return _read(
        "SELECT 'INDEX', indexname, indexdef FROM pg_indexes WHERE tablename IN ({tables})"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
    )


def _read(sql: str) -> list[tuple[str, str, str]]:
    names = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{tables}", ", ".join(["%s"] * len(names))), names)
        return cursor.fetchall()


def _run(statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

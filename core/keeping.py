"""Values kept in this process, and reads that are compiled once.

For addresses asked hundreds of times a second, where building a query costs more than running it. What is kept is never
believed by itself: the caller compares it with a stamp it reads from the database.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import psycopg
from django.core.cache import cache
from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import QuerySet
from psycopg import sql

V = TypeVar("V")
# Stand in for the open values of a statement while it is written; no row holds them.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2_000_000_011 + place,
    str: lambda place: f"\N{REPLACEMENT CHARACTER}{place}",
    datetime: lambda place: datetime(9998, 12, 31, microsecond=place, tzinfo=UTC),
}
MOST_MARKS = 30


def mark(kind: type, place: int = 0) -> Any:
    """The open value of a kind with this number, below ``MOST_MARKS``."""
    return _MARKS[kind](place)


ALL_MARKS = frozenset(mark(kind, place) for kind in _MARKS for place in range(MOST_MARKS))


class Shelf(Generic[V]):
    """The ``size`` values used last; safe between threads. What is on it is shared: nobody changes it."""

    def __init__(self, size: int):
        self._size, self._lock = size, threading.Lock()
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        _shelves.append(self)

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> V:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
            return value

    def kept(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is there, or what is made now; two threads may both make it."""
        value = self.get(key)
        return self.put(key, make()) if value is None else value

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


_shelves: list[Shelf[Any]] = []
_statements: Shelf[Statement] = Shelf(2000)


def clear_shelves() -> None:
    for shelf in _shelves:
        shelf.clear()


def kept_for(seconds: int, key: str, read: Callable[[], V]) -> V:
    """A value that may be this old, from the cache; None is not kept. What comes back is a copy of one's own."""
    value: V | None = cache.get(key)
    if value is None:
        value = read()
        cache.set(key, value, seconds)
    return value


class Statement:
    """A text of SQL with open values, where the marks stood when it was written."""

    def __init__(self, sql: str, parameters: Sequence[Any]):
        self._sql, self._parameters = sql, tuple(parameters)
        if connection.vendor == "postgresql":
            connection.ensure_connection()
            self._inline()

    def rows(self, values: Mapping[Any, Any], *, is_planned: bool = True) -> list[tuple[Any, ...]]:
        """All rows as the database gives them; ``values`` by their marks (one query, none of an empty text).

        Not ``is_planned``: PostgreSQL shall make its plan for these values.
        """
        if not self._sql:
            return []
        given = {_stored(mark): _stored(value) for mark, value in values.items()}
        with planned_cursor() if is_planned else connection.cursor() as cursor:
            cursor.execute(self._sql, [given.get(part, part) for part in self._parameters])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _inline(self) -> None:
        """Write everything but the open values into the text: what never changes is not sent and bound each time."""
        marks = {_stored(mark) for mark in ALL_MARKS}
        literals = (
            "%s" if part in marks else sql.Literal(part).as_string(connection.connection).replace("%", "%%")
            for part in self._parameters
        )
        self._sql = self._sql.replace("%%", "%%%%") % tuple(literals)
        self._parameters = tuple(part for part in self._parameters if part in marks)


def kept_statement(about: Hashable, write: Callable[[], tuple[str, Sequence[Any]]]) -> Statement:
    """The statement ``write`` gives, written once for all that it is ``about``: whatever shapes it but open values."""
    key = connection.vendor, about
    return _statements.kept(key, lambda: Statement(*write()))


class Prepared:
    """A query with one open text value; ``build`` makes it for a value, one compilation serves all others."""

    def __init__(self, build: Callable[[str], QuerySet[Any, Any]]):
        self._build = build

    def first(self, value: str) -> tuple[Any, ...] | None:
        """The first row as the database gives it, or None; one query."""
        found = kept_statement(self, self._write).rows({mark(str): value})
        return next(iter(found), None)

    def _write(self) -> tuple[str, Sequence[Any]]:
        written: tuple[str, Sequence[Any]] = self._build(mark(str)).query.sql_with_params()
        return written


def _stored(value: Any) -> Any:
    """As the database takes it: SQLite keeps moments as text."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


class _LoggedCursor(CursorDebugWrapper):
    """Logs a statement as it was written: psycopg keeps no text of what the server has prepared."""

    def debug_sql(
        self, sql: str | None = None, params: Any = None, use_last_executed_query: bool = False, many: bool = False
    ) -> AbstractContextManager[None]:
        return super().debug_sql(sql, params, use_last_executed_query=False, many=many)


def planned_cursor() -> CursorWrapper:
    """A cursor for a statement that is asked all the time: PostgreSQL plans it once per connection.

    Planning a join of eight tables costs it ten times what running it does. Django's own cursors write the values into
    the text, so every text is new; this one sends them apart, and psycopg prepares the statement at its sixth use
    (``prepare_threshold``). Behind a pooler that changes connections between transactions that setting is off.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.ensure_connection()
    bound = psycopg.Cursor(connection.connection)
    return (_LoggedCursor if connection.queries_logged else CursorWrapper)(bound, connection)

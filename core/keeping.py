"""Values kept in this process, and reads that are compiled once.

For addresses asked hundreds of times a second, where building a query costs more than running it. What is kept is never
believed by itself: the caller compares it with a stamp it reads from the database.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import psycopg
from django.core.cache import cache
from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import QuerySet

V = TypeVar("V")
# Stands in for the value while a statement is compiled; no row holds it.
_OPEN = "\N{REPLACEMENT CHARACTER}"


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

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


_shelves: list[Shelf[Any]] = []


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


class Prepared:
    """A query with one open text value; ``build`` makes it for a value, one compilation serves all others."""

    def __init__(self, build: Callable[[str], QuerySet[Any, Any]]):
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def first(self, value: str) -> tuple[Any, ...] | None:
        """The first row as the database gives it, or None; one query."""
        sql, parameters = self._compiled.get(connection.vendor) or self._compile()
        with planned_cursor() as cursor:
            cursor.execute(sql, [value if part == _OPEN else part for part in parameters])
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def _compile(self) -> tuple[str, tuple[Any, ...]]:
        return self._compiled.setdefault(connection.vendor, self._inlined())

    def _inlined(self) -> tuple[str, tuple[Any, ...]]:
        """With everything but the open value written into it: what never changes is not sent and bound each time."""
        sql, parameters = self._build(_OPEN).query.sql_with_params()
        if connection.vendor != "postgresql":
            return sql, parameters
        with connection.cursor() as cursor:
            text: str = cursor.mogrify(sql, parameters)
        return text.replace("%", "%%").replace(f"'{_OPEN}'", "%s"), (_OPEN,)


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
    return (CursorDebugWrapper if connection.queries_logged else CursorWrapper)(bound, connection)

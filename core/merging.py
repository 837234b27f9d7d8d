"""Lists merged from parts that are each read along an index: no database orders ``status IN (…)`` along one by itself.

A part gives its first rows only; the union of the parts is ordered again, so a page costs as many index entries as it
has rows, times the parts, whatever the size of the tables. Parts must not overlap, or a row comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from core.paging import AFTER, BEFORE, LAST, Cursor, beyond, read_cursor


@dataclass(frozen=True)
class Part:
    """Rows ordered by ``at`` and ``key``; ``key`` is the id that is listed, of this row or of one it names."""

    rows: QuerySet[Any]
    at: str
    key: str = "pk"


@dataclass(frozen=True)
class Keys:
    """Ids of one page in order; ``before`` and ``after`` name the rows to go on from, empty at an end."""

    ids: list[int]
    before: str = ""
    after: str = ""

    def links(self, given: Mapping[str, str]) -> dict[str, str]:
        """Query strings that keep the filters; only those that lead somewhere."""
        kept = {name: value for name, value in given.items() if name not in {AFTER, BEFORE, LAST}}
        targets = {
            "first": {} if self.before else None,
            "previous": {BEFORE: self.before} if self.before else None,
            "next": {AFTER: self.after} if self.after else None,
            "last": {LAST: "1"} if self.after else None,
        }
        return {name: f"?{urlencode(kept | extra)}" for name, extra in targets.items() if extra is not None}


Reader = Callable[[Cursor | None, bool, int], list[tuple[datetime, int]]]


def merged_keys(parts: Sequence[Part], given: Mapping[str, str], *, size: int, newest_first: bool) -> Keys:
    """The asked page of all parts together (one statement, none without parts)."""

    def read(cursor: Cursor | None, descending: bool, most: int) -> list[tuple[datetime, int]]:
        return _read(parts, cursor, descending, most)

    return page_of(read, given, size=size, newest_first=newest_first)


def page_of(read: Reader, given: Mapping[str, str], *, size: int, newest_first: bool) -> Keys:
    """The asked page of what ``read`` gives from a cursor on, in one direction, at most so many."""
    after, before = read_cursor(given.get(AFTER, "")), read_cursor(given.get(BEFORE, ""))
    from_end = bool(given.get(LAST))
    backwards = from_end or (before is not None and after is None)
    cursor = None if from_end else before if backwards else after
    found = read(cursor, newest_first != backwards, size + 1)
    goes_on, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Keys([])
    has_before = goes_on if backwards else after is not None
    has_after = cursor is not None if backwards else goes_on
    return Keys(
        [key for _at, key in found],
        str(Cursor(*found[0])) if has_before else "",
        str(Cursor(*found[-1])) if has_after else "",
    )


def bounded_counts(groups: Mapping[str, Iterable[QuerySet[Any]]], limit: int) -> dict[str, int]:
    """How many rows each group of querysets has, ``limit`` at most per queryset (one statement)."""
    columns: list[str] = []
    params: list[Any] = []
    for querysets in groups.values():
        texts = []
        for rows in querysets:
            if compiled := _compiled(rows.order_by().values_list("pk")[:limit]):
                texts.append(f"(SELECT COUNT(*) FROM ({compiled[0]}) part)")  # noqa: S608  SQL of Django's making
                params += compiled[1]
        columns.append(" + ".join(texts) or "0")
    if not params:
        return dict.fromkeys(groups, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(columns), params)
        return dict(zip(groups, cursor.fetchone(), strict=True))


def tagged_keys(lists: Sequence[QuerySet[Any]], *, descending: bool) -> list[tuple[int, int]]:
    """Ids of several ordered and cut lists in one order, each with the number of its list (one statement)."""
    texts: list[str] = []
    params: list[Any] = []
    for number, rows in enumerate(lists):
        if compiled := _compiled(rows.values_list("pk")):
            texts.append(f"SELECT part{number}.*, {number} FROM ({compiled[0]}) part{number}")  # noqa: S608  Django's
            params += compiled[1]
    if not texts:
        return []
    with connection.cursor() as statement:
        statement.execute(f"{' UNION ALL '.join(texts)} ORDER BY 1 {'DESC' if descending else 'ASC'}", params)
        return statement.fetchall()


def _read(parts: Sequence[Part], cursor: Cursor | None, descending: bool, size: int) -> list[tuple[datetime, int]]:
    texts: list[str] = []
    params: list[Any] = []
    for part in parts:
        rows = part.rows if cursor is None else part.rows.filter(beyond(cursor, part.at, descending, part.key))
        order = [f"-{name}" if descending else name for name in (part.at, part.key)]
        if compiled := _compiled(rows.order_by(*order).values_list(part.at, part.key)[:size]):
            texts.append(f"SELECT * FROM ({compiled[0]}) part{len(texts)}")  # noqa: S608  SQL of Django's making
            params += compiled[1]
    if not texts:
        return []
    side = "DESC" if descending else "ASC"
    sql = f"{' UNION ALL '.join(texts)} ORDER BY 1 {side}, 2 {side} LIMIT {size:d}"
    with connection.cursor() as statement:
        statement.execute(sql, params)
        return [(_moment(at), key) for at, key in statement.fetchall()]


def _compiled(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def _moment(at: datetime | str) -> datetime:
    """SQLite keeps moments as text in UTC."""
    found = parse_datetime(at) if isinstance(at, str) else at
    if found is None:
        raise ValueError(f"{at} is no moment")
    return found if found.tzinfo else found.replace(tzinfo=UTC)

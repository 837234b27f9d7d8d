"""Lists merged from parts that are each read along an index: no database orders ``status IN (…)`` along one by itself.

A part gives its first rows only; the union of the parts is ordered again, so a page costs as many index entries as it
has rows, times the parts, whatever the size of the tables. Parts must not overlap, or a row comes twice.

Statements are kept (``core.keeping``) by what they are ``about``: everything that shapes the querysets. Values that
change from one page to the next stand in them as marks, and are given beside.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from core.keeping import MOST_MARKS, kept_statement, mark
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
Values = Mapping[Any, Any]
_FROM = Cursor(mark(datetime, MOST_MARKS - 1), mark(int, MOST_MARKS - 1))


def merged_keys(
    parts: Callable[[], Iterable[Part]],
    given: Mapping[str, str],
    *,
    about: Hashable,
    values: Values,
    size: int,
    newest_first: bool,
) -> Keys:
    """The asked page of all parts together (one statement, none without parts)."""

    def read(cursor: Cursor | None, descending: bool, most: int) -> list[tuple[datetime, int]]:
        statement = kept_statement(
            ("merged", about, cursor is None, descending, most),
            lambda: _merged(parts(), _FROM if cursor else None, descending, most),
        )
        beginning = {_FROM.at: cursor.at, _FROM.pk: cursor.pk} if cursor else {}
        return [(_moment(at), key) for at, key in statement.rows({**values, **beginning})]

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


def bounded_counts(
    groups: Callable[[], Mapping[str, Iterable[QuerySet[Any]]]], limit: int, *, about: Hashable, values: Values
) -> dict[str, int]:
    """How many rows each group of querysets has, ``limit`` at most per queryset (one statement)."""
    statement = kept_statement(("counted", about, limit), lambda: _counted(groups(), limit))
    return {name: int(number) for name, number in statement.rows(values)}


def tagged_keys(
    lists: Callable[[], Sequence[QuerySet[Any]]], *, about: Hashable, values: Values, descending: bool
) -> list[tuple[int, int]]:
    """Ids of several ordered and cut lists in one order, each with the number of its list (one statement)."""
    statement = kept_statement(("tagged", about, descending), lambda: _tagged(lists(), descending))
    # How many rows hold a word decides how they are best found.
    return [(key, number) for key, number in statement.rows(values, is_planned=False)]


Written = tuple[str, list[Any]]


def _merged(parts: Iterable[Part], cursor: Cursor | None, descending: bool, size: int) -> Written:
    side = "DESC" if descending else "ASC"
    rows = (
        (part.rows if cursor is None else part.rows.filter(beyond(cursor, part.at, descending, part.key)))
        .order_by(*(f"-{name}" if descending else name for name in (part.at, part.key)))
        .values_list(part.at, part.key)[:size]
        for part in parts
    )
    sql, params = _united("SELECT * FROM ({rows}) part{number}", rows)
    return sql and f"{sql} ORDER BY 1 {side}, 2 {side} LIMIT {size:d}", params


def _counted(groups: Mapping[str, Iterable[QuerySet[Any]]], limit: int) -> Written:
    texts: list[str] = []
    params: list[Any] = []
    for name, querysets in groups.items():
        cut = (rows.order_by().values_list("pk")[:limit] for rows in querysets)
        sql, given = _united("(SELECT COUNT(*) FROM ({rows}) part{number})", cut, " + ")
        texts.append(f"SELECT %s, {sql or '0'}")
        params += [name, *given]
    return " UNION ALL ".join(texts), params


def _tagged(lists: Iterable[QuerySet[Any]], descending: bool) -> Written:
    rows = (rows.values_list("pk") for rows in lists)
    sql, params = _united("SELECT part{number}.*, {number} FROM ({rows}) part{number}", rows)
    return sql and f"{sql} ORDER BY 1 {'DESC' if descending else 'ASC'}", params


def _united(text: str, querysets: Iterable[QuerySet[Any]], by: str = " UNION ALL ") -> Written:
    """A text for each queryset that can have rows, and the parameters of all."""
    texts: list[str] = []
    params: list[Any] = []
    for number, rows in enumerate(querysets):
        if compiled := _compiled(rows):
            texts.append(text.format(rows=compiled[0], number=number))
            params += compiled[1]
    return by.join(texts), params


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

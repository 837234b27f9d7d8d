"""Pages by key: the next page begins behind the last row shown, so the last of a million costs what the first does.

Covers: newest first, forwards, backwards and from the end; a count that stops at a limit; lists merged from several
ordered parts, each read along its own index (``merging.py``). Leaves out page numbers, for which somebody would have to
count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.http import urlencode

AFTER, BEFORE, LAST = "after", "before", "last"
COUNT_LIMIT = 10_000
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """A row as an address names it: microseconds of ``at`` and its id."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.pk}"


def read_cursor(text: str) -> Cursor | None:
    micros, dash, pk = text.partition("-")
    if not (dash and micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit() and len(text) < 40):
        return None
    try:
        return Cursor(EPOCH + int(micros) * MICROSECOND, int(pk))
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class KeysetPage:
    """``rows`` newest first; ``newer`` and ``older`` name the rows to go on from, empty at an end."""

    rows: list[Any]
    newer: str = ""
    older: str = ""

    def links(self, given: Mapping[str, str]) -> dict[str, str]:
        """Query strings that keep the filters; only those that lead somewhere."""
        kept = {name: value for name, value in given.items() if name not in {AFTER, BEFORE, LAST, "p"}}
        targets = {
            "first": {} if self.newer else None,
            "newer": {BEFORE: self.newer} if self.newer else None,
            "older": {AFTER: self.older} if self.older else None,
            "last": {LAST: "1"} if self.older else None,
        }
        return {name: f"?{urlencode(kept | extra)}" for name, extra in targets.items() if extra is not None}


def keyset_page(rows: QuerySet[Any], given: Mapping[str, str], *, at: str, size: int) -> KeysetPage:
    """The asked page of ``rows`` by ``at`` and id. Two statements: the ids along an index, then their rows.

    ``at`` empty: by id alone, where no index leads along a moment.
    """
    after, before = read_cursor(given.get(AFTER, "")), read_cursor(given.get(BEFORE, ""))
    backwards = bool(given.get(LAST)) or (before is not None and after is None)
    order = [at, "pk"] if at else ["pk"]
    plain = rows.order_by(*order if backwards else [f"-{name}" for name in order])
    if cursor := (before if backwards else after):
        plain = plain.filter(beyond(cursor, at, not backwards))
    keys = list(plain.values_list("pk", flat=True)[: size + 1])
    goes_on, keys = len(keys) > size, keys[:size]
    found = rows.order_by().in_bulk(keys)
    page = [found[key] for key in (reversed(keys) if backwards else keys) if key in found]
    if not page:
        return KeysetPage([])
    has_newer = goes_on if backwards else after is not None
    has_older = (before is not None and not given.get(LAST)) if backwards else goes_on
    return KeysetPage(page, _name(page[0], at) if has_newer else "", _name(page[-1], at) if has_older else "")


def beyond(cursor: Cursor, at: str, descending: bool, key: str = "pk") -> Q:
    """Rows that come behind the cursor in the given direction."""
    side = "lt" if descending else "gt"
    if not at:
        return Q(**{f"{key}__{side}": cursor.pk})
    # The first condition says nothing new; it is the one an index can start from.
    bound = Q(**{f"{at}__{side}e": cursor.at})
    return bound & (Q(**{f"{at}__{side}": cursor.at}) | Q(**{at: cursor.at, f"{key}__{side}": cursor.pk}))


def _name(row: Model, at: str) -> str:
    return str(Cursor(getattr(row, at) if at else datetime.fromtimestamp(0, UTC), row.pk))


def bounded_count(rows: QuerySet[Any], limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """How many, at most ``limit``, and whether there are more."""
    found = rows.order_by().values("pk")[: limit + 1].count()
    return min(found, limit), found > limit

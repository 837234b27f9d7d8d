"""The numbers of a tally as expressions over answers: one definition for live reading, folding and rebuilding.

Every expression belongs into a query grouped by ``is_complete``: scores of incomplete forms count as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from surveys.models import Element, Response
from surveys.models.tallies import INDEX_NUMBERS, MOMENT_NUMBERS, QUALITY_NUMBERS

COST = "biaya"
BASE_NUMBERS = ("collected", "n", "total", "total_squares")
_CODES = ("hasty", "burst", "staff", "trap", "duplicate")
_LIMITS = (30, 60, 120, 300)


class MonthStart(Func):
    """First day of a date's month, without the call back into Python that SQLite needs for ``TruncMonth``."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7) || '-01'", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="date_trunc('month', %(expressions)s)::date", **context)


def way() -> Concat:
    """``channel.visit.quality`` of an answer, e.g. ``qr.open.clean``."""
    endings = [
        When(is_verified=True, is_flagged=True, then=Value(".verified.flagged")),
        When(is_verified=True, then=Value(".verified.clean")),
        When(is_flagged=True, then=Value(".open.flagged")),
    ]
    return Concat("channel", Case(*endings, default=Value(".open.clean")), output_field=CharField())


def used_slots(versions: Mapping[int, Sequence[Element]]) -> list[int]:
    return sorted({element.slot for elements in versions.values() for element in elements})


def numbers(versions: Mapping[int, Sequence[Element]], names: Iterable[str]) -> dict[str, Any]:
    """Aggregates by name, for the elements of these versions; slots none of them uses are left out."""
    slots = used_slots(versions)
    whole = reduce(add, [Coalesce(F(f"score_{slot}"), 0) for slot in slots], Value(0))
    known: dict[str, Any] = {
        "collected": Count("pk"),
        "n": _complete(Count("pk")),
        "total": _sum(whole),
        "total_squares": _sum(whole * whole),
    }
    for slot in slots:
        score = F(f"score_{slot}")
        known[f"n_{slot}"] = _complete(Count(score))
        known[f"total_{slot}"] = _sum(score)
        known[f"squares_{slot}"] = _sum(score * score)
        known[f"with_total_{slot}"] = _sum(score * whole)
    known |= _signs(versions)
    return {name: known[name] for name in names if name in known}


def names_for(slots: Iterable[int], *, moments: bool = False, signs: bool = False) -> list[str]:
    """Names of the numbers wanted, for these slots."""
    kept = set(slots)
    wanted = [*INDEX_NUMBERS, *(MOMENT_NUMBERS if moments else ())]
    by_slot = [name for name in wanted if int(name.rsplit("_", 1)[1]) in kept]
    return [*BASE_NUMBERS, *by_slot, *(QUALITY_NUMBERS if signs else ())]


def grouped(rows: QuerySet[Response], keys: Mapping[str, Any], counted: Mapping[str, Any]) -> QuerySet[Any, Any]:
    """Rows of keys, then numbers; complete and incomplete answers apart."""
    found = rows.order_by().values("is_complete", **keys).annotate(**counted)
    return found.values_list(*keys, *counted)


def _complete(aggregate: Any) -> Case:
    return Case(When(is_complete=True, then=aggregate), default=Value(0), output_field=IntegerField())


def _sum(value: Any) -> Case:
    return _complete(Coalesce(Sum(value, output_field=IntegerField()), 0))


def _signs(versions: Mapping[int, Sequence[Element]]) -> dict[str, Any]:
    """Signs of quality, of all answers collected."""
    conditions = {
        "straight": straight(versions, without=()),
        "straight_without_cost": straight(versions, without=(COST,)),
        **{code: Q(flags__contains=code) for code in _CODES},
        "late": Q(is_late=True),
        "flagged": Q(is_flagged=True),
        "timed": Q(seconds__isnull=False),
        **{f"under_{limit}": Q(seconds__lt=limit) for limit in _LIMITS},
    }
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def straight(versions: Mapping[int, Sequence[Element]], without: Sequence[str]) -> Q:
    """Every score of the version's elements equals its first one."""
    cases = [Q(instrument_version_id=version) & _equal(found, without) for version, found in versions.items()]
    return reduce(or_, cases, Q(pk__in=[]))


def _equal(elements: Sequence[Element], without: Sequence[str]) -> Q:
    slots = [element.slot for element in elements if element.code not in without]
    if not slots:
        return Q(pk__in=[])
    first, *others = slots
    condition = Q(**{f"score_{first}__isnull": False})
    for slot in others:
        condition &= Q(**{f"score_{slot}": F(f"score_{first}")})
    return condition

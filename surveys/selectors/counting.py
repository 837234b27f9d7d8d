"""The numbers of a tally as expressions over answers: one definition for live reading, folding and rebuilding.

Every expression belongs into a query grouped by ``is_complete``: scores of incomplete forms count as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, DateField, Expression, Func, IntegerField, QuerySet, Value, When
from django.db.models.functions import Concat

from surveys.models import Element, Response
from surveys.models.tallies import INDEX_NUMBERS, MOMENT_NUMBERS, QUALITY_NUMBERS

COST = "biaya"
BASE_NUMBERS = ("collected", "n", "total", "total_squares")
# Of an answer, what ``numbers`` reads besides scores and whether it is complete.
SIGN_COLUMNS = ("flags", "is_late", "is_flagged", "seconds")
_CODES = ("hasty", "burst", "staff", "trap", "duplicate")
_LIMITS = (30, 60, 120, 300)


class Number(Expression):
    """An aggregate written out, of columns of an answer only.

    Sixty of them as Django's own expressions take longer to put together than the database takes to count.
    """

    contains_aggregate = True
    output_field = IntegerField()

    def __init__(self, sql: str):
        super().__init__()
        self.sql = sql

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Number:
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        return self.sql, ()


class MonthStart(Func):
    """First day of a date's month, without the call back into Python that SQLite needs for ``TruncMonth``."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7) || '-01'", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Without the cast the day would be taken into the time zone and back.
        return self.as_sql(
            compiler, connection, template="date_trunc('month', %(expressions)s::timestamp)::date", **context
        )


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


def form_total(slots: Iterable[int]) -> str:
    """All scores of one form."""
    return f"({' + '.join(f'COALESCE(score_{slot}, 0)' for slot in slots) or '0'})"


def numbers(
    versions: Mapping[int, Sequence[Element]], names: Iterable[str], *, whole: str | None = None
) -> dict[str, Number]:
    """Aggregates by name, for the elements of these versions; slots none of them uses are left out.

    ``whole`` is a column that already holds ``form_total``, which otherwise is worked out a dozen times per form.
    """
    slots = used_slots(versions)
    whole = whole or form_total(slots)
    known = {
        "collected": "COUNT(*)",
        "n": _complete("COUNT(*)"),
        "total": _sum(whole),
        "total_squares": _sum(f"{whole} * {whole}"),
    }
    for slot in slots:
        score = f"score_{slot}"
        known[f"n_{slot}"] = _complete(f"COUNT({score})")
        known[f"total_{slot}"] = _sum(score)
        known[f"squares_{slot}"] = _sum(f"{score} * {score}")
        known[f"with_total_{slot}"] = _sum(f"{score} * {whole}")
    known |= {name: f"COUNT(*) FILTER (WHERE {sign})" for name, sign in _signs(versions).items()}
    return {name: Number(known[name]) for name in names if name in known}


def names_for(slots: Iterable[int], *, moments: bool = False, signs: bool = False) -> list[str]:
    """Names of the numbers wanted, for these slots."""
    kept = set(slots)
    wanted = [*INDEX_NUMBERS, *(MOMENT_NUMBERS if moments else ())]
    by_slot = [name for name in wanted if int(name.rsplit("_", 1)[1]) in kept]
    return [*BASE_NUMBERS, *by_slot, *(QUALITY_NUMBERS if signs else ())]


def grouped(rows: QuerySet[Response], keys: Mapping[str, Any], counted: Mapping[str, Number]) -> QuerySet[Any, Any]:
    """Rows of keys, then numbers; complete and incomplete answers apart."""
    found = rows.order_by().values("is_complete", **keys).annotate(**counted)
    return found.values_list(*keys, *counted)


def _complete(aggregate: str) -> str:
    return f"CASE WHEN is_complete THEN {aggregate} ELSE 0 END"


def _sum(value: str) -> str:
    return _complete(f"COALESCE(SUM({value}), 0)")


def _signs(versions: Mapping[int, Sequence[Element]]) -> dict[str, str]:
    """Conditions of the signs of quality, for all answers collected."""
    return {
        "straight": _straight(versions, without=()),
        "straight_without_cost": _straight(versions, without=(COST,)),
        # Most answers have no flags, and LIKE is slow. Twice the percent sign: the statement has parameters.
        **{code: f"flags <> '' AND flags LIKE '%%{code}%%'" for code in _CODES},
        "late": "is_late",
        "flagged": "is_flagged",
        "timed": "seconds IS NOT NULL",
        **{f"under_{limit}": f"seconds < {limit}" for limit in _LIMITS},
    }


def _straight(versions: Mapping[int, Sequence[Element]], without: Sequence[str]) -> str:
    """Every score of the version's elements equals its first one."""
    cases = []
    for version, elements in versions.items():
        scores = [f"score_{element.slot}" for element in elements if element.code not in without]
        if scores:
            equal = [f"{scores[0]} = {other}" for other in scores]
            cases.append(f"instrument_version_id = {version} AND {' AND '.join(equal)}")
    return " OR ".join(f"({case})" for case in cases) or "1 = 0"

"""Adding answers to the cells with set-based SQL that both databases understand.

Answers are counted once per cut into a temporary table of leaves, which is then added up to agencies, regions and
years; the cells are many fewer than the answers, so everything after the first pass is cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from surveys.models import Cut, Grain, Level, Response, TallyCell
from surveys.models.tallies import KEY, PROFILE_CUTS
from surveys.selectors.counting import SIGN_COLUMNS, MonthStart, form_total, names_for, numbers, way
from surveys.selectors.tallies import Catalogue

_STAGE, _NARROW = "surveys_tally_stage", "surveys_tally_stage_narrow"
_CELLS = TallyCell._meta.db_table
_UNITS = ("region_id", "agency_id", "survey_id", "service_id", "point_id")
# Which ids a level keeps; the others are 0.
_KEPT = {Level.LEAF: _UNITS, Level.AGENCY: _UNITS[:2], Level.REGION: _UNITS[:1]}
_VERSION = F("instrument_version_id")
# Keeps both databases from working the answers' columns out again wherever they are named.
_APART = {"sqlite": " LIMIT -1 OFFSET 0", "postgresql": " OFFSET 0"}
_YEAR_START = {"sqlite": "substr({}, 1, 4) || '-01-01'", "postgresql": "date_trunc('year', {})::date"}


def add(rows: QuerySet[Response], known: Catalogue, *, sign: int = 1, years: bool = True, fresh: bool = False) -> None:
    """Add these answers to the cells, or with ``sign=-1`` take them away; without ``years`` to months and days only.

    ``fresh``: none of the cells exists yet, which saves looking for them. ``rows`` must mean the same answers in every
    statement, and ``known`` hold every instrument. In a transaction.
    """
    everything = names_for(known.slots, moments=True, signs=True)
    leaf = {"region_id": F("region_id"), "agency_id": F("agency_id"), "survey_id": F("survey_id")} | {
        "service_id": Coalesce("service_id", 0),
        "point_id": Coalesce("service_point_id", 0),
    }
    with _stage(rows, leaf | {"value": way(), "start": MonthStart("period_on")}, known, everything):
        for level in Level:
            _add_up(_Roll(level, Cut.WAY, Grain.MONTH, everything, sign, fresh))
            _add_up(_Roll(level, Cut.ALL, Grain.MONTH, everything, sign, fresh))
            if years:
                _add_up(_Roll(level, Cut.ALL, Grain.YEAR, everything, sign, fresh))
    agencies = {name: leaf[name] for name in _KEPT[Level.AGENCY]}
    with _stage(rows, agencies | {"value": way(), "start": F("period_on")}, known, everything):
        for level in (Level.AGENCY, Level.REGION):
            _add_up(_Roll(level, Cut.WAY, Grain.DAY, everything, sign, fresh))
    plain = names_for(known.slots)
    profile = {cut.value: F(cut.value) for cut in PROFILE_CUTS}
    with _stage(rows, leaf | profile | {"start": MonthStart("period_on")}, known, plain):
        for cut in PROFILE_CUTS:
            with _narrowed([*leaf, "start", "instrument_version_id"], cut, plain):
                for level in Level:
                    _add_up(_Roll(level, cut, Grain.MONTH, plain, sign, fresh), _NARROW)


def add_years(*, region_id: int, start: date, end: date, known: Catalogue) -> None:
    """Make the year's cells of a region from those of its months."""
    names = names_for(known.slots, moments=True, signs=True)
    for level in Level:
        conditions = "region_id = %s AND level = %s AND cut = %s AND grain = %s AND start >= %s AND start < %s"
        found = region_id, level.value, Cut.ALL.value, Grain.MONTH.value, start.isoformat(), end.isoformat()
        roll = _Roll(level, Cut.ALL, Grain.YEAR, names, fresh=True)
        _insert(roll, f"{_CELLS} WHERE {conditions}", {name: name for name in (*KEY, *names)}, found)


@dataclass(frozen=True)
class _Roll:
    """Which cells are added to, and with which numbers."""

    level: Level
    cut: Cut
    grain: Grain
    names: Sequence[str]
    sign: int = 1
    fresh: bool = False


@contextmanager
def _stage(rows: QuerySet[Response], keys: Mapping[str, Any], known: Catalogue, names: Sequence[str]) -> Iterator[None]:
    """A temporary table of counted answers, one row per key; complete and incomplete forms apart."""
    # Prefixed, because most keys are also columns of an answer.
    keys = {f"of_{name}": value for name, value in keys.items()} | {"of_instrument_version_id": _VERSION}
    counted = numbers(known.elements, names, whole="whole")
    columns = ", ".join([*keys, *(f"{number.sql} AS {name}" for name, number in counted.items())])
    answers, params = _answers(rows, keys, known).query.sql_with_params()
    source = f"({answers}{_APART[connection.vendor]}) AS answer"
    statement = f"SELECT {columns} FROM {source} GROUP BY is_complete, {', '.join(keys)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_STAGE} AS {statement}", params)
        yield
        cursor.execute(f"DROP TABLE {_STAGE}")


@contextmanager
def _narrowed(keys: Sequence[str], cut: Cut, names: Sequence[str]) -> Iterator[None]:
    """A smaller temporary table with one dimension of the staged profiles as its value."""
    kept = ", ".join(f"of_{name}" for name in keys)
    sums = ", ".join(f"CAST(SUM({name}) AS integer) AS {name}" for name in names)
    statement = f"SELECT {kept}, of_{cut.value} AS of_value, {sums} FROM {_STAGE} GROUP BY {kept}, of_{cut.value}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_NARROW} AS {statement}")
        yield
        cursor.execute(f"DROP TABLE {_NARROW}")


def _answers(rows: QuerySet[Response], keys: Mapping[str, Any], known: Catalogue) -> QuerySet[Any, Any]:
    """Keys, what is counted, and the form's total, worked out once."""
    scores = [f"score_{slot}" for slot in known.slots]
    whole = RawSQL(form_total(known.slots), ())  # noqa: S611  names of our own columns
    return rows.order_by().values("is_complete", *scores, *SIGN_COLUMNS, "instrument_version_id", whole=whole, **keys)


def _add_up(roll: _Roll, stage: str = _STAGE) -> None:
    # Leaves of a month fit four bytes, and PostgreSQL adds those up several times faster than eight.
    columns = {name: f"of_{name}" for name in KEY} | {name: f"CAST({name} AS integer)" for name in roll.names}
    _insert(roll, stage, columns)


def _insert(roll: _Roll, source: str, columns: Mapping[str, str], params: Sequence[Any] = ()) -> None:
    """One INSERT … SELECT of grouped sums; every name in it is one of our own columns."""
    values = {name: columns[name] if name in _KEPT[roll.level] else "0" for name in _UNITS} | {
        "level": f"'{roll.level.value}'",
        "instrument_version_id": columns["instrument_version_id"],
        "cut": f"'{roll.cut.value}'",
        "value": "''" if roll.cut is Cut.ALL else columns["value"],
        "grain": f"'{roll.grain.value}'",
        "start": _start(roll, columns["start"]),
    }
    groups = [value for value in values.values() if value[0] not in "'0"]
    values |= {name: f"{roll.sign} * SUM({columns[name]})" for name in roll.names}
    added = ", ".join(f"{name} = {_CELLS}.{name} + excluded.{name}" for name in roll.names)
    statement = (
        f"INSERT INTO {_CELLS} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {source}"  # noqa: S608
        f" GROUP BY {', '.join(groups)}"
    )
    if not roll.fresh:
        statement += f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {added}"
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _start(roll: _Roll, column: str) -> str:
    return _YEAR_START[connection.vendor].format(column) if roll.grain is Grain.YEAR else column

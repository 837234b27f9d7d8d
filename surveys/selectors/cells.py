"""Reading tallies: from stored cells and from the answers that are not in them yet.

One statement does both. One statement sees one state of the database, so an answer that is being folded meanwhile is
neither counted twice nor missed. How the cells are laid out and why: docs/decisions/0007-tallies.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce

from core.periods import FIRST, LAST, Cover, cover_of
from surveys.models import Cut, Grain, Level, Response, TallyCell
from surveys.models.tallies import PROFILE_CUTS, QUALITY_NUMBERS
from surveys.selectors.counting import grouped, names_for, numbers, way
from surveys.selectors.tallies import Catalogue, Tally, VersionTally

# The three parts of a way, and the four of a profile.
WAY_PARTS = ("channel", "visit", "quality")
PROFILE = ("sex", "age_band", "education", "occupation")
DIMENSIONS = ("all", *WAY_PARTS, *PROFILE)
# The column of an answer, where it has another name than that of a cell.
_ANSWER_COLUMNS = {"point_id": "service_point_id"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be read: whose answers, in which days, cut how, with which numbers.

    ``where`` holds conditions by column of a cell (``agency_id__in``, ``service_id`` …). ``unit`` is the column that
    tells units apart; ``years`` is false where a period shorter than a year is made of the rows.
    """

    level: Level
    where: Mapping[str, Any]
    known: Catalogue
    start: date | None = None
    end: date | None = None
    unit: str | None = None
    dimension: str = "all"
    years: bool = True
    moments: bool = False
    signs: bool = False
    # Nothing but single days: agencies and regions only.
    by_day: bool = False

    def __post_init__(self) -> None:
        if self.cut in PROFILE_CUTS and (self.moments or self.signs):
            raise ValueError("Profiles are kept without moments and signs of quality.")
        if self.by_day and not self.has_days:
            raise ValueError("Single days are kept of agencies and regions only, and of no profile.")

    @property
    def cut(self) -> Cut:
        if self.dimension in WAY_PARTS:
            return Cut.WAY
        return Cut(self.dimension)

    @property
    def has_days(self) -> bool:
        return self.level is not Level.LEAF and self.cut in (Cut.ALL, Cut.WAY)

    @property
    def cover(self) -> Cover:
        if self.by_day:
            return Cover(days=((self.start or FIRST, self.end or LAST),))
        return cover_of(self.start, self.end, years=self.years and self.cut is Cut.ALL)

    @property
    def names(self) -> list[str]:
        return names_for(self.known.slots, moments=self.moments, signs=self.signs)

    def part(self, value: str) -> str:
        """The part of a cell's value this dimension asks for."""
        if self.dimension == "all":
            return ""
        return value.split(".")[WAY_PARTS.index(self.dimension)] if self.dimension in WAY_PARTS else value


# What a row belongs to: unit (None without one), value of the dimension, first day of its stretch.
Key = tuple[int | None, str, date]


def tally_by(question: Question, key: Callable[[Key], Hashable | None]) -> dict[Any, Tally]:
    """Tallies grouped by what ``key`` makes of a row; rows for which it is None are left out. One query."""
    tallies: dict[Any, Tally] = {}
    for found, tally in _rows(question):
        place = key(found)
        if place is not None and tally.collected:
            tallies.setdefault(place, Tally()).add(tally)
    return tallies


def _rows(question: Question) -> Iterator[tuple[Key, Tally]]:
    names = question.names
    for unit, value, version, day, *counts in _union(_branches(question)):
        numbered = dict(zip(names, counts, strict=True))
        yield (unit or None, question.part(value), day), _tally(version, numbered, question)


def _tally(version: int, counted: Mapping[str, Any], question: Question) -> Tally:
    tally = Tally(collected=counted["collected"])
    slots = question.known.slots
    if counted["n"]:
        tally.by_version[version] = VersionTally(
            n=counted["n"],
            sums={slot: counted[f"total_{slot}"] or 0 for slot in slots},
            counts={slot: counted[f"n_{slot}"] or 0 for slot in slots},
            squares={slot: counted[f"squares_{slot}"] or 0 for slot in slots} if question.moments else {},
            with_total={slot: counted[f"with_total_{slot}"] or 0 for slot in slots} if question.moments else {},
            total=counted["total"],
            total_squares=counted["total_squares"],
        )
    if question.signs:
        tally.signs = {name: counted[name] or 0 for name in counted if name in QUALITY_NUMBERS}
    return tally


def _union(branches: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = branches
    return first.union(*others, all=True) if others else first


def _branches(question: Question) -> list[QuerySet[Any, Any]]:
    """Cells by grain, answers in no cell yet, and days at the edges that no cell of this kind keeps."""
    branches = [_cells(question, *stretch) for stretch in _stretches(question)]
    branches.append(_live(question))
    if not question.has_days:
        branches += [_edge(question, *days) for days in question.cover.days]
    return branches


def _stretches(question: Question) -> Iterator[tuple[Cut, Grain, date, date]]:
    cover = question.cover
    for grain, stretches in ((Grain.YEAR, cover.years), (Grain.MONTH, cover.months)):
        yield from ((question.cut, grain, *stretch) for stretch in stretches)
    if question.has_days:
        # Days are kept by way only; added up they are all answers.
        yield from ((Cut.WAY, Grain.DAY, *stretch) for stretch in cover.days)


def _cells(question: Question, cut: Cut, grain: Grain, start: date, end: date) -> QuerySet[Any, Any]:
    rows = TallyCell.objects.filter(
        level=question.level, cut=cut, grain=grain, start__gte=start, start__lt=end, **question.where
    ).filter(instrument_version_id__in=list(question.known.versions))
    keys = {
        "of_unit": F(question.unit) if question.unit else Value(0, output_field=IntegerField()),
        "of_part": F("value"),
        "of_version": F("instrument_version_id"),
        "of_day": F("start"),
    }
    return rows.order_by().annotate(**keys).values_list(*keys, *question.names)


def _live(question: Question) -> QuerySet[Any, Any]:
    """Answers in no cell yet.

    The conditions are wrapped so that only the partial index of such answers can serve them: SQLite would otherwise
    read every answer of the unit to find the few.
    """
    rows = Response.objects.filter(is_tallied=False)
    for name, value in question.where.items():
        column = name.partition("__")[0]
        rows = rows.alias(**{f"plain_{column}": _plain(_ANSWER_COLUMNS.get(column, column))})
        rows = rows.filter(**{f"plain_{name}": value})
    rows = rows.alias(plain_day=_plain("period_on"))
    if question.start:
        rows = rows.filter(plain_day__gte=question.start)
    if question.end:
        rows = rows.filter(plain_day__lt=question.end)
    return _counted(rows, question)


def _edge(question: Question, start: date, end: date) -> QuerySet[Any, Any]:
    """Answers of less than a month of one unit that are in cells, but in none of single days."""
    where = {}
    for name, value in question.where.items():
        column, _, lookup = name.partition("__")
        where["__".join(filter(None, (_ANSWER_COLUMNS.get(column, column), lookup)))] = value
    rows = Response.objects.filter(is_tallied=True, period_on__gte=start, period_on__lt=end, **where)
    return _counted(rows, question)


def _counted(rows: QuerySet[Response], question: Question) -> QuerySet[Any, Any]:
    keys = {
        "of_unit": Coalesce(_ANSWER_COLUMNS.get(question.unit, question.unit), 0)
        if question.unit
        else Value(0, output_field=IntegerField()),
        "of_part": _part(question.cut),
        "of_version": F("instrument_version_id"),
        "of_day": F("period_on"),
    }
    rows = rows.filter(instrument_version_id__in=list(question.known.versions))
    return grouped(rows, keys, numbers(question.known.elements, question.names))


def _part(cut: Cut) -> Any:
    if cut is Cut.ALL:
        return Value("")
    return way() if cut is Cut.WAY else F(cut.value)


def _plain(column: str) -> Coalesce:
    return Coalesce(column, column, output_field=DateField()) if column == "period_on" else Coalesce(column, column)

"""One figure cut into groups, and the mean over the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import Agency, Service
from core.periods import REGULAR, PeriodKind
from surveys.index import Compose, IndexResult
from surveys.index import compose as compose_units
from surveys.models import ServicePoint
from surveys.selectors.cells import PROFILE, WAY_PARTS, tally_by
from surveys.selectors.index import Figure, Subject, by_unit, figure_of, index_for, units_of
from surveys.selectors.quality import QualityFlags, quality_of
from surveys.selectors.successors import joined
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue
from surveys.selectors.trends import trend_for

_PERIODS = tuple(kind.value for kind in REGULAR)
# ``successor`` is by service, services that ended counted with what they went on as (selectors/successors.py).
_UNITS = {"service": "service_id", "successor": "service_id", "agency": "agency_id", "point": "point_id"}
_PARTS = (*WAY_PARTS, *PROFILE)
GROUPINGS = (*_UNITS, *_PARTS, *_PERIODS)


@dataclass(frozen=True)
class Group:
    """``key`` is a code or a period's key, ``label`` a name; both empty for answers without that unit."""

    key: str
    label: str
    figure: Figure


@dataclass(frozen=True)
class Mean:
    """Plain mean over ``units`` groups."""

    units: int
    result: IndexResult


@dataclass(frozen=True)
class Grouped:
    """A figure with its quality flags; ``groups`` and their ``mean`` only when a grouping was asked for."""

    figure: Figure
    quality: QualityFlags
    by: str | None = None
    groups: tuple[Group, ...] = ()
    mean: Mean | None = None


def grouped_for(
    *,
    subject: Subject,
    start: date | None,
    end: date | None,
    compose: Compose | None,
    by: str | None,
    minimum: int = 1,
    instrument: str = INSTRUMENT,
) -> Grouped:
    """A figure, its groups, and its flags: for the command line, because repeats are counted over the answers.

    About nine queries however many groups there are. Pages use ``groups_for`` and ``quality_for``, which read tallies.
    The mean is the plain mean over groups with at least ``minimum`` complete forms.
    """
    figure = index_for(**subject.parts, start=start, end=end, compose=compose, minimum=minimum, instrument=instrument)
    quality = quality_of(subject=subject, known=catalogue(instrument), start=start, end=end)
    if by is None:
        return Grouped(figure, quality)
    groups = groups_for(subject=subject, start=start, end=end, by=by, instrument=instrument)
    return Grouped(figure, quality, by, tuple(groups), mean_of([group.figure for group in groups], minimum))


def groups_for(
    *, subject: Subject, start: date | None, end: date | None, by: str, instrument: str = INSTRUMENT
) -> list[Group]:
    """One pooled figure per unit, part of a dimension or period; three queries, one more by agency or successor.

    ``by`` is one of ``GROUPINGS``. Groups come in the order of their keys; answers without the unit have an empty key.
    """
    if by in _PERIODS:
        return _by_period(subject, start, end, by, instrument)
    if by in _PARTS:
        return _by_part(subject, start, end, by, instrument)
    return _by_unit(subject, start, end, by, instrument)


def mean_of(figures: Sequence[Figure], minimum: int) -> Mean:
    """Plain mean of the figures with enough answers."""
    results = [figure.result for figure in figures if figure.n >= max(minimum, 1)]
    return Mean(len(results), compose_units(results, Compose.MEAN))


def _by_period(subject: Subject, start: date | None, end: date | None, by: str, instrument: str) -> list[Group]:
    points = trend_for(
        **subject.parts, kind=PeriodKind(by), start=start, end=end, compose=Compose.POOLED, instrument=instrument
    )
    return [Group(point.period.key, point.period.key, point.figure) for point in points]


def _by_part(subject: Subject, start: date | None, end: date | None, by: str, instrument: str) -> list[Group]:
    known = catalogue(instrument)
    found = tally_by(subject.question(known, start=start, end=end, dimension=by), lambda key: key[1])
    return [Group(part, part, figure_of([found[part]], known, Compose.POOLED)) for part in sorted(found)]


def _by_unit(subject: Subject, start: date | None, end: date | None, by: str, instrument: str) -> list[Group]:
    known = catalogue(instrument)
    tallies = tally_by(subject.question(known, _UNITS[by], start=start, end=end), by_unit)
    units: Mapping[Any, Tally] = {key[0]: tally for key, tally in tallies.items()}
    if by == "agency":
        units = units_of(subject, tallies)
    elif by == "successor":
        units = joined(units)
    names = _names(by, [unit for unit in units if unit is not None])
    groups = [_group(names, unit, tally, known) for unit, tally in units.items()]
    return sorted(groups, key=lambda group: (len(group.key) if group.key.isdigit() else 99, group.key))


def _group(names: Mapping[Any, tuple[str, str]], unit: object, tally: Tally, known: Catalogue) -> Group:
    key, label = names.get(unit, ("", ""))
    return Group(key, label, figure_of([tally], known, Compose.POOLED))


def _names(by: str, units: Sequence[object]) -> dict[Any, tuple[str, str]]:
    tables: Mapping[str, Any] = {"agency": Agency, "point": ServicePoint}
    rows = tables.get(by, Service).objects.filter(pk__in=units).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}

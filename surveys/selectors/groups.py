"""One figure cut into groups, and the mean over the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.models import Agency, Service
from surveys.index import Compose, IndexResult
from surveys.index import compose as compose_units
from surveys.models import ServicePoint
from surveys.periods import PeriodKind
from surveys.selectors.index import Figure, Subject, figure_of, index_for, units_of
from surveys.selectors.quality import QualityFlags, quality_of
from surveys.selectors.tallies import Catalogue, Tally, catalogue, tally_by
from surveys.selectors.trends import trend_for

_PERIODS = tuple(kind.value for kind in PeriodKind)
GROUPINGS = ("service", "agency", "point", "channel", *_PERIODS)
_COLUMNS = {"service": "service_id", "agency": "agency_id", "point": "service_point_id", "channel": "channel"}


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
) -> Grouped:
    """A figure, its flags and its groups; about nine queries however many groups there are.

    The mean is the plain mean over groups with at least ``minimum`` complete forms.
    """
    figure = index_for(**subject.parts, start=start, end=end, compose=compose, minimum=minimum)
    quality = quality_of(subject.responses().between(start, end), catalogue())
    if by is None:
        return Grouped(figure, quality)
    groups = _by_period(subject, start, end, by) if by in _PERIODS else _by_unit(subject, start, end, by)
    return Grouped(figure, quality, by, tuple(groups), mean_of([group.figure for group in groups], minimum))


def mean_of(figures: Sequence[Figure], minimum: int) -> Mean:
    """Plain mean of the figures with enough answers."""
    results = [figure.result for figure in figures if figure.n >= max(minimum, 1)]
    return Mean(len(results), compose_units(results, Compose.MEAN))


def _by_period(subject: Subject, start: date | None, end: date | None, by: str) -> list[Group]:
    points = trend_for(**subject.parts, kind=PeriodKind(by), start=start, end=end, compose=Compose.POOLED)
    return [Group(point.period.key, point.period.key, point.figure) for point in points]


def _by_unit(subject: Subject, start: date | None, end: date | None, by: str) -> list[Group]:
    known = catalogue()
    tallies = tally_by(subject.responses().between(start, end), known, _COLUMNS[by])
    units: Mapping[object, Tally] = {key[0]: tally for key, tally in tallies.items()}
    if by == "agency":
        units = units_of(subject, tallies)
    names = _names(by, [unit for unit in units if unit is not None])
    groups = [_group(names, unit, tally, known) for unit, tally in units.items()]
    return sorted(groups, key=lambda group: (len(group.key) if group.key.isdigit() else 99, group.key))


def _group(names: Mapping[object, tuple[str, str]], unit: object, tally: Tally, known: Catalogue) -> Group:
    key, label = names.get(unit, ("", ""))
    return Group(key, label, figure_of([tally], known, Compose.POOLED))


def _names(by: str, units: Sequence[object]) -> dict[object, tuple[str, str]]:
    if by == "channel":
        return {unit: (str(unit), str(unit)) for unit in units}
    tables = {"service": Service.objects.all(), "agency": Agency.objects.all(), "point": ServicePoint.objects.all()}
    rows = tables[by].filter(pk__in=units).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}

"""Figures over time, and the period a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Unpack

from django.db.models import Case, IntegerField, Max, Min, QuerySet, Value, When

from surveys.index import Compose
from surveys.models import Response
from surveys.periods import Period, PeriodKind, period_of, periods_between
from surveys.selectors.index import Figure, Subject, SubjectParts, figure_of, units_of
from surveys.selectors.tallies import Catalogue, Tally, catalogue, tally_by

# A quarterly trend over twenty years; longer spans keep their newest periods.
MAXIMUM_PERIODS = 80


@dataclass(frozen=True)
class TrendPoint:
    """One period. ``breaks`` marks a change of the instrument version: not comparable with the point before."""

    period: Period
    figure: Figure
    breaks: bool


def trend_for(
    *,
    kind: PeriodKind = PeriodKind.YEAR,
    start: date | None = None,
    end: date | None = None,
    compose: Compose | None = None,
    minimum: int = 1,
    **parts: Unpack[SubjectParts],
) -> list[TrendPoint]:
    """Every period with answers, oldest first; those without are left out. Three queries, four for a region."""
    subject = Subject(**parts)
    rule = compose or subject.default_rule
    rows = subject.responses().between(start, end)
    periods = _periods(rows, kind)
    if not periods:
        return []
    known = catalogue()
    found = _tallies(rows.between(periods[0].start, periods[-1].end), periods, known, subject, rule)
    figures = [
        (period, figure_of(found[place], known, rule, start=period.start, end=period.end, minimum=minimum))
        for place, period in enumerate(periods)
        if place in found
    ]
    return _with_breaks(figures)


def _periods(rows: QuerySet[Response], kind: PeriodKind) -> list[Period]:
    bounds = rows.aggregate(first=Min("period_on"), last=Max("period_on"))
    if bounds["first"] is None:
        return []
    return list(periods_between(bounds["first"], bounds["last"], kind))[-MAXIMUM_PERIODS:]


def _tallies(
    rows: QuerySet[Response], periods: list[Period], known: Catalogue, subject: Subject, rule: Compose
) -> dict[int, list[Tally]]:
    """Tallies of the units of each period, by the period's place in the list."""
    placed = rows.annotate(place=_place(periods))
    if rule is Compose.POOLED:
        return {key[0]: [tally] for key, tally in tally_by(placed, known, "place").items()}
    by_place: dict[int, dict[tuple[object, ...], Tally]] = {}
    for (place, unit), tally in tally_by(placed, known, "place", subject.unit_column).items():
        by_place.setdefault(place, {})[(unit,)] = tally
    return {place: list(units_of(subject, units).values()) for place, units in by_place.items()}


def _place(periods: list[Period]) -> Case:
    """A plain comparison of dates: extracting the quarter calls back into Python on SQLite, once per answer."""
    whens = [When(period_on__lt=period.end, then=Value(place)) for place, period in enumerate(periods)]
    return Case(*whens, output_field=IntegerField())


def _with_breaks(figures: list[tuple[Period, Figure]]) -> list[TrendPoint]:
    points: list[TrendPoint] = []
    for period, figure in figures:
        changed = bool(points) and points[-1].figure.instruments != figure.instruments
        points.append(TrendPoint(period, figure, breaks=changed))
    return points


def latest_point(points: list[TrendPoint]) -> TrendPoint | None:
    """The newest period with enough answers to be shown; failing that the newest with any."""
    enough = [point for point in points if point.figure.is_enough]
    candidates = enough or points
    return candidates[-1] if candidates else None


def current_point(*, on: date, kind: PeriodKind = PeriodKind.YEAR, **parts: Unpack[SubjectParts]) -> TrendPoint | None:
    """What a page shows on this day: the running period, or the latest before it with enough answers."""
    end = period_of(on, kind).end
    return latest_point(trend_for(kind=kind, end=end, **parts))

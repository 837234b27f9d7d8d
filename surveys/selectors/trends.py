"""Figures over time, and the period a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Unpack

from core.models import Agency
from core.periods import Period, PeriodKind, period_of
from surveys.index import Compose
from surveys.selectors.cells import tally_by
from surveys.selectors.index import Figure, Subject, SubjectParts, figure_of, merged, top_agency_ids
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue
from surveys.trendtest import Change, Sample, Step, compared

# A quarterly trend over twenty years; longer spans keep their newest periods.
MAXIMUM_PERIODS = 80


@dataclass(frozen=True)
class TrendPoint:
    """One period. ``breaks`` marks a change of the instrument version: not comparable with the point before."""

    period: Period
    figure: Figure
    breaks: bool
    # All respondents as a sample, where it was asked for and they are enough and of one instrument version.
    sample: Sample | None = None


def trend_for(
    *,
    kind: PeriodKind = PeriodKind.YEAR,
    start: date | None = None,
    end: date | None = None,
    compose: Compose | None = None,
    minimum: int = 1,
    instrument: str = INSTRUMENT,
    tested: bool = False,
    **parts: Unpack[SubjectParts],
) -> list[TrendPoint]:
    """Every period with answers, oldest first; those without are left out. Two queries, three for a region.

    ``tested`` reads what a test of the change needs too, from the same rows.
    """
    subject, known = Subject(**parts), catalogue(instrument)
    rule = compose or subject.default_rule
    unit = None if rule is Compose.POOLED else subject.unit_column
    question = subject.question(known, unit, start=start, end=end, years=kind is PeriodKind.YEAR, moments=tested)
    found = tally_by(question, lambda key: (key[0], period_of(key[2], kind)))
    by_period: dict[Period, dict[tuple[object, ...], Tally]] = {}
    for (unit_id, period), tally in found.items():
        by_period.setdefault(period, {})[(unit_id,)] = tally
    units = _units(subject, by_period, unit)
    figures = [
        (period, figure_of(units[period], known, rule, start=period.start, end=period.end, minimum=minimum))
        for period in sorted(units)[-MAXIMUM_PERIODS:]
    ]
    samples = {period: _sample(units[period], known) for period, _figure in figures} if tested else {}
    return _with_breaks(figures, samples)


def _units(
    subject: Subject, by_period: dict[Period, dict[tuple[object, ...], Tally]], unit: str | None
) -> dict[Period, list[Tally]]:
    """Tallies of the units of each period; agencies below another one are part of it."""
    tops: dict[object, int] = {}
    if unit == "agency_id" and by_period:
        tops = top_agency_ids(Agency.objects.filter(region=subject.region).only("kind", "path"))
    return {period: list(merged(units, tops).values()) for period, units in by_period.items()}


def _sample(units: list[Tally], known: Catalogue) -> Sample | None:
    """Respondents of all units together; a region is tested so too, because its mean has no respondents."""
    whole = Tally()
    for tally in units:
        whole.add(tally)
    if len(whole.by_version) != 1:
        return None
    version, pooled = next(iter(whole.by_version.items()))
    return Sample.of(pooled.moments, scale_max=known.versions[version].scale_max)


def change_into(points: Sequence[TrendPoint], period: Period) -> Step:
    """From the period before to this one, tested; ``points`` were read with ``tested``."""
    by_period = {point.period: point for point in points}
    now, before = by_period.get(period), by_period.get(period_before(period))
    if now is None or before is None:
        return Step(Change.TOO_FEW)
    if now.figure.instruments != before.figure.instruments:
        return Step(Change.NOT_COMPARABLE)
    return compared([(before.sample, now.sample)])[0]


def period_before(period: Period) -> Period:
    return period_of(period.start - timedelta(days=1), period.kind)


def _with_breaks(figures: list[tuple[Period, Figure]], samples: Mapping[Period, Sample | None]) -> list[TrendPoint]:
    points: list[TrendPoint] = []
    for period, figure in figures:
        changed = bool(points) and points[-1].figure.instruments != figure.instruments
        points.append(TrendPoint(period, figure, breaks=changed, sample=samples.get(period)))
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

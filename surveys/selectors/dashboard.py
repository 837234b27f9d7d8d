"""Everything one dashboard shows, from the stored tallies; the number of queries does not grow with the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from core.models import Agency, Region, Service
from core.periods import Period, PeriodKind, period_of
from surveys.index import Compose
from surveys.models import Device, ServicePoint, SurveyTarget
from surveys.selectors.cells import tally_by
from surveys.selectors.index import Figure, Subject, by_unit, figure_of
from surveys.selectors.quality import QualitySigns, quality_for
from surveys.selectors.ranking import RankingRow, agency_ranking
from surveys.selectors.successors import counted_with, has_successors, joined
from surveys.selectors.tallies import Catalogue, Tally, catalogue
from surveys.selectors.targets import TargetRow, progress_of
from surveys.selectors.trends import TrendPoint, change_into, period_before, trend_for
from surveys.trendtest import Step

Unit = Region | Agency | Service | ServicePoint
# Eight quarters tell two years; more would not fit on a phone.
PERIODS_SHOWN = 8


@dataclass(frozen=True)
class Child:
    """A unit below the one on screen; None for answers that name none."""

    unit: Service | ServicePoint | None
    figure: Figure


@dataclass(frozen=True)
class Dashboard:
    """``figure`` is None without answers in the period; ``step`` compares with the period before."""

    subject: Subject
    period: Period
    points: Sequence[TrendPoint]
    figure: Figure | None
    step: Step
    ways: Mapping[str, Mapping[str, Figure]]
    signs: QualitySigns
    agencies: Sequence[RankingRow] = ()
    services: Sequence[Child] = ()
    # Services that ended are counted with their successor (selectors/successors.py).
    by_successor: bool = False
    has_successors: bool = False
    places: Sequence[Child] = ()
    targets: Sequence[TargetRow] = ()
    silent: Sequence[Device] = ()

    @property
    def without_answers(self) -> list[RankingRow]:
        """Agencies of the region that nobody has answered about in the period."""
        return [row for row in self.agencies if not row.figure.collected]


def subject_for(unit: Unit) -> Subject:
    if isinstance(unit, Region):
        return Subject(region=unit)
    if isinstance(unit, Agency):
        return Subject(agency=unit)
    return Subject(service=unit) if isinstance(unit, Service) else Subject(point=unit)


def region_of(unit: Unit) -> Region:
    if isinstance(unit, Region):
        return unit
    agency: Agency = unit if isinstance(unit, Agency) else unit.agency
    region: Region = agency.region
    return region


def dashboard_for(*, unit: Unit, period: Period, now: datetime, by_successor: bool = False) -> Dashboard:
    """One screen of a region, an agency, a service or a point; at most 25 queries, whatever the number of answers."""
    subject, on = subject_for(unit), now.astimezone(region_of(unit).zone).date()
    known = catalogue()
    points = trend_for(kind=period.kind, end=period.end, tested=True, **subject.parts)[-PERIODS_SHOWN:]
    current = next((point for point in points if point.period == period), None)
    start, end = period.start, period.end
    return Dashboard(
        subject=subject,
        period=period,
        points=points,
        figure=current.figure if current else None,
        step=change_into(points, period),
        ways=ways_for(subject, period, known),
        signs=quality_for(start=start, end=end, **subject.parts),
        agencies=agency_ranking(region=unit, on=on, start=start, end=end) if isinstance(unit, Region) else (),
        services=services_of(unit, subject, period, known, by_successor) if isinstance(unit, Agency) else (),
        by_successor=by_successor,
        has_successors=isinstance(unit, Agency) and has_successors(unit),
        places=places_of(unit, subject, period, known) if isinstance(unit, (Agency, Service)) else (),
        targets=targets_of(unit, period, on),
        silent=silent_at(unit, now),
    )


def ways_for(subject: Subject, period: Period, known: Catalogue) -> dict[str, dict[str, Figure]]:
    """Figures by channel, by visit (verified or open) and by quality (flagged or clean), from one question."""
    question = subject.question(known, start=period.start, end=period.end, dimension="way")
    parts: dict[str, dict[str, Tally]] = {"channel": {}, "visit": {}, "quality": {}}
    for way, tally in tally_by(question, lambda key: key[1]).items():
        for name, value in zip(parts, way.split("."), strict=True):
            parts[name].setdefault(value, Tally()).add(tally)
    return {name: _figures(found, known) for name, found in parts.items()}


def _figures(tallies: Mapping[str, Tally], known: Catalogue) -> dict[str, Figure]:
    return {value: figure_of([tallies[value]], known, Compose.POOLED) for value in sorted(tallies)}


def services_of(
    agency: Agency, subject: Subject, period: Period, known: Catalogue, by_successor: bool = False
) -> list[Child]:
    """Services of the agency and the units below it that answers name, and those in use that none does."""
    below = Service.objects.filter(agency__path__startswith=agency.path)
    in_use = below.filter(surveys__isnull=False) | below.filter(service_points__is_active=True)
    tallies = _by_unit("service_id", subject, period, known)
    if by_successor:
        tallies, in_use = joined(tallies), in_use.exclude(pk__in=counted_with())
    return _children(tallies, Service, in_use.distinct(), known)


def places_of(unit: Agency | Service, subject: Subject, period: Period, known: Catalogue) -> list[Child]:
    """Service points the same way."""
    rows = ServicePoint.objects.active()
    rows = rows.filter(service=unit) if isinstance(unit, Service) else rows.filter(agency__path__startswith=unit.path)
    return _children(_by_unit("point_id", subject, period, known), ServicePoint, rows, known)


def _by_unit(column: str, subject: Subject, period: Period, known: Catalogue) -> dict[int | None, Tally]:
    question = subject.question(known, column, start=period.start, end=period.end)
    return {key[0]: tally for key, tally in tally_by(question, by_unit).items()}


def _children(
    tallies: Mapping[int | None, Tally],
    model: type[Service] | type[ServicePoint],
    in_use: QuerySet[Any],
    known: Catalogue,
) -> list[Child]:
    units = {row.pk: row for row in in_use} | model._default_manager.in_bulk([pk for pk in tallies if pk])
    named = sorted(units.values(), key=lambda row: row.name)
    children = [Child(row, figure_of([tallies.get(row.pk, Tally())], known, Compose.POOLED)) for row in named]
    nowhere = [tally for pk, tally in tallies.items() if not pk]
    return [*children, *(Child(None, figure_of([tally], known, Compose.POOLED)) for tally in nowhere)]


def targets_of(unit: Unit, period: Period, on: date) -> list[TargetRow]:
    """The target of an agency or a service in this period, with its progress."""
    if not isinstance(unit, (Agency, Service)):
        return []
    rows = SurveyTarget.objects.filter(period=period.key).select_related("agency", "service")
    own = rows.filter(service=unit) if isinstance(unit, Service) else rows.filter(agency=unit, service=None)
    return progress_of(own, on)


def silent_at(unit: Unit, now: datetime) -> list[Device]:
    """Devices of the unit that do not report although their place is open."""
    where: dict[str, Any] = {"service_point": unit}
    if isinstance(unit, Region):
        where = {"service_point__agency__region": unit}
    elif isinstance(unit, Agency):
        where = {"service_point__agency__path__startswith": unit.path}
    elif isinstance(unit, Service):
        where = {"service_point__service": unit}
    rows = Device.objects.enrolled().filter(service_point__is_active=True, **where)
    return [device for device in rows.select_related("service_point__agency__region") if _is_silent(device, now)]


def _is_silent(device: Device, now: datetime) -> bool:
    return device.state(now) == Device.State.SILENT


def periods_to_choose(on: date, kind: PeriodKind, count: int = PERIODS_SHOWN) -> list[Period]:
    """The running period and those before it, newest first."""
    found = [period_of(on, kind)]
    while len(found) < count:
        found.append(period_before(found[-1]))
    return found

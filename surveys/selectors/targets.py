"""Samples: how far each target is, who is missing, which agencies have no answers at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from core.models import Agency, Region
from core.periods import Period
from surveys.models import Level, SurveyTarget
from surveys.selectors.cells import Question, tally_by
from surveys.selectors.index import top_agency_ids
from surveys.selectors.ranking import agency_ranking
from surveys.selectors.tallies import Catalogue, catalogue
from surveys.targets import Pace, Progress, progress

# What needs somebody's attention first.
URGENCY = (Pace.MISSED, Pace.AT_RISK, Pace.ON_COURSE, Pace.NOT_STARTED, Pace.REACHED)


@dataclass(frozen=True)
class TargetRow:
    target: SurveyTarget
    progress: Progress


def progress_of(targets: Iterable[SurveyTarget], on: date) -> list[TargetRow]:
    """Complete forms against the sample of each target, in the order given.

    One query for the instruments, one for the units below the agencies, and two per period among the targets.
    """
    rows = list(targets)
    known = catalogue()
    within = _within(rows)
    found: dict[int, int] = {}
    for start, end in {(row.start, row.end) for row in rows}:
        same = [row for row in rows if (row.start, row.end) == (start, end)]
        found |= _reached(same, known, within, start, end)
    return [
        TargetRow(row, progress(needed=row.sample, reached=found.get(row.pk, 0), start=row.start, end=row.end, on=on))
        for row in rows
    ]


def targets_at_risk(region: Region, on: date) -> list[TargetRow]:
    """Targets of running periods that are behind, the largest gap first; four queries and two more per period."""
    running = SurveyTarget.objects.filter(agency__region=region, start__lte=on, end__gt=on)
    rows = progress_of(running.select_related("agency", "service"), on)
    behind = [row for row in rows if row.progress.pace is Pace.AT_RISK]
    return sorted(behind, key=lambda row: row.progress.missing, reverse=True)


def agencies_without_answers(region: Region, period: Period, on: date) -> list[Agency]:
    """Agencies nobody answered about in the period ("belum survei"), with the units below them; five queries."""
    rows = agency_ranking(region=region, start=period.start, end=period.end, on=on)
    return [row.agency for row in rows if not row.figure.collected]


def agencies_without_target(region: Region, period: Period, on: date) -> list[Agency]:
    """Agencies whose number of users for the period nobody has entered; two queries."""
    tops = top_agency_ids(region.agencies.only("kind", "path"))
    entered = SurveyTarget.objects.filter(agency__region=region, period=period.key).values("agency")
    rows = region.agencies.active(on).filter(pk__in=set(tops.values())).exclude(kind=Agency.Kind.GOVERNMENT)
    return list(rows.exclude(pk__in=entered))


def _within(targets: Sequence[SurveyTarget]) -> dict[int, set[int]]:
    """Agency id to the ids of that agency and every unit below it."""
    paths = {row.agency_id: row.agency.path for row in targets if row.service_id is None}
    below = Q(pk__in=[])
    for path in paths.values():
        below |= Q(path__startswith=path)
    units = list(Agency.objects.filter(below).values_list("pk", "path")) if paths else []
    return {pk: {unit for unit, place in units if place.startswith(path)} for pk, path in paths.items()}


def _reached(
    targets: Sequence[SurveyTarget], known: Catalogue, within: dict[int, set[int]], start: date, end: date
) -> dict[int, int]:
    units = set().union(*(within[row.agency_id] for row in targets if row.service_id is None))
    services = {row.service_id for row in targets if row.service_id}
    days = {"known": known, "start": start, "end": end}
    agencies = _complete(units, level=Level.AGENCY, unit="agency_id", **days)
    offered = _complete(services, level=Level.LEAF, unit="service_id", **days)
    return {
        row.pk: offered.get(row.service_id, 0)
        if row.service_id
        else sum(agencies.get(unit, 0) for unit in within[row.agency_id])
        for row in targets
    }


def _complete(ids: set[int], *, unit: str, **how: Any) -> dict[int, int]:
    """Complete forms by agency or service; no query for nobody."""
    if not ids:
        return {}
    question = Question(where={f"{unit}__in": list(ids)}, unit=unit, **how)
    return {key: tally.complete for key, tally in tally_by(question, lambda key: key[0]).items()}

"""Agencies side by side: with n beside every rank, and nobody left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.models import Agency, Region
from surveys.index import Compose
from surveys.models import Survey
from surveys.selectors.cells import tally_by
from surveys.selectors.index import Figure, Subject, by_unit, figure_of, merged, top_agency_ids
from surveys.selectors.tallies import INSTRUMENT, Tally, catalogue


class Standing(StrEnum):
    RANKED = "ranked"
    NOT_ENOUGH = "not_enough"
    NO_SURVEY = "no_survey"


@dataclass(frozen=True)
class RankingRow:
    """``rank`` is None unless ranked; agencies with the same printed index share a rank."""

    agency: Agency
    figure: Figure
    standing: Standing
    rank: int | None = None


def agency_ranking(
    *, region: Region, start: date | None, end: date | None, on: date, instrument: str = INSTRUMENT
) -> list[RankingRow]:
    """Ranked agencies first, then those with too few answers, then those without a survey; five queries.

    An agency is listed with the units below it when it is active on ``on`` or has answers in the period.
    """
    subject = Subject(region=region)
    known = catalogue(instrument)
    agencies = list(region.agencies.order_by("name"))
    tops = top_agency_ids(agencies)
    tallies = merged(tally_by(subject.question(known, "agency_id", start=start, end=end), by_unit), tops)
    surveys = Survey.objects.filter(agency__region=region, instrument_version__instrument__code=instrument)
    surveyed = {tops.get(pk, pk) for pk in surveys.values_list("agency", flat=True)}
    active = set(region.agencies.active(on).values_list("pk", flat=True))
    shown = active | set(tallies)
    rows = []
    for agency in _units(agencies, tops):
        if agency.pk not in shown:
            continue
        tally = tallies.get(agency.pk, Tally())
        figure = figure_of([tally], known, Compose.POOLED, start=start, end=end)
        rows.append(RankingRow(agency, figure, _standing(figure, agency.pk in surveyed)))
    return _ranked(rows)


def _units(agencies: Iterable[Agency], tops: Mapping[object, int]) -> list[Agency]:
    """The agencies that are ranked: neither the government itself nor the units below an agency."""
    own = set(tops.values())
    return [agency for agency in agencies if agency.pk in own and agency.kind != Agency.Kind.GOVERNMENT]


def _standing(figure: Figure, has_survey: bool) -> Standing:
    if figure.is_enough:
        return Standing.RANKED
    return Standing.NOT_ENOUGH if has_survey or figure.collected else Standing.NO_SURVEY


def _ranked(rows: Iterable[RankingRow]) -> list[RankingRow]:
    groups: dict[Standing, list[RankingRow]] = {standing: [] for standing in Standing}
    for row in rows:
        groups[row.standing].append(row)
    best_first = sorted(groups[Standing.RANKED], key=lambda row: row.figure.result.index or 0, reverse=True)
    ranked: list[RankingRow] = []
    for place, row in enumerate(best_first, start=1):
        tied = bool(ranked) and ranked[-1].figure.printed == row.figure.printed
        rank = ranked[-1].rank if tied else place
        ranked.append(RankingRow(row.agency, row.figure, row.standing, rank))
    return ranked + groups[Standing.NOT_ENOUGH] + groups[Standing.NO_SURVEY]

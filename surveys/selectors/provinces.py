"""A province over its regencies: each regency as its own page shows it, then one figure over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import Agency, Region
from surveys.index import Compose, IndexResult
from surveys.index import compose as compose_units
from surveys.models import Level
from surveys.selectors.cells import Question, tally_by
from surveys.selectors.index import Figure, figure_of, merged, top_agency_ids
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue


@dataclass(frozen=True)
class RegencyRow:
    """One regency; ``figure.n`` is 0 where nobody answered."""

    region: Region
    figure: Figure


@dataclass(frozen=True)
class ProvinceFigure:
    """``units`` regencies with answers entered ``result`` by the rule ``compose``; all of them are in ``rows``."""

    result: IndexResult
    compose: Compose
    units: int
    collected: int
    rows: tuple[RegencyRow, ...]


def province_for(
    *,
    province: Region,
    start: date | None = None,
    end: date | None = None,
    compose: Compose = Compose.MEAN,
    instrument: str = INSTRUMENT,
    populations: Mapping[int, int] | None = None,
) -> ProvinceFigure:
    """The regencies of a province, each the mean of its agencies, and the province over them; four queries.

    The rule decides how regencies become one figure: their plain mean, the mean weighted by n (or by ``populations``,
    people by id of the region), or pooled, which takes every respondent of the province together.
    """
    known = catalogue(instrument)
    regions = list(province.children.order_by("code"))
    by_region = _tallies(regions, known, start, end)
    rows = tuple(_row(region, by_region.get(region.pk, []), known, start, end) for region in regions)
    filled = [row for row in rows if row.figure.n]
    if compose is Compose.POOLED:
        tallies = [tally for region in regions for tally in by_region.get(region.pk, [])]
        result = figure_of(tallies, known, Compose.POOLED).result
    else:
        weights = None if populations is None else [populations.get(row.region.pk, 0) for row in filled]
        result = compose_units([row.figure.result for row in filled], compose, weights)
    collected = sum(row.figure.collected for row in rows)
    return ProvinceFigure(result, compose, len(filled), collected, rows)


def _row(region: Region, tallies: list[Tally], known: Catalogue, start: date | None, end: date | None) -> RegencyRow:
    return RegencyRow(region, figure_of(tallies, known, Compose.MEAN, start=start, end=end))


def _tallies(regions: list[Region], known: Catalogue, start: date | None, end: date | None) -> dict[int, list[Tally]]:
    """Tallies of the agencies of each region, units below an agency as part of it."""
    agencies = list(Agency.objects.filter(region__in=regions).only("kind", "path", "region_id"))
    tops, home = top_agency_ids(agencies), {agency.pk: agency.region_id for agency in agencies}
    where: dict[str, Any] = {"region_id__in": [region.pk for region in regions]}
    question = Question(level=Level.AGENCY, where=where, known=known, unit="agency_id", start=start, end=end)
    found: dict[int, list[Tally]] = {}
    for top, tally in merged(tally_by(question, lambda key: (key[0],)), tops).items():
        found.setdefault(home[top], []).append(tally)
    return found

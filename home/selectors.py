"""Figures that leave the house: the same numbers the pages show, for other programs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.models import Region
from core.periods import PeriodKind
from surveys.index import NRR_PLACES, half_up
from surveys.selectors.ranking import RankingRow, Standing, agency_ranking
from surveys.selectors.trends import trend_for


def open_indexes(region: Region, on: date) -> Iterator[dict[str, Any]]:
    """One record per agency and calendar year with answers, newest first.

    Below ten answers only the standing is given: neither the figure nor its elements leave the house.
    """
    years = trend_for(region=region, kind=PeriodKind.YEAR, end=date(on.year + 1, 1, 1))
    for point in reversed(years):
        start, end = point.period.start, point.period.end
        for row in agency_ranking(region=region, start=start, end=end, on=on):
            if row.standing is not Standing.NO_SURVEY:
                yield _record(region, start.year, row)


def _record(region: Region, year: int, row: RankingRow) -> dict[str, Any]:
    record: dict[str, Any] = {
        "region": region.code,
        "year": year,
        "agency": row.agency.code,
        "agency_name": row.agency.name,
        "standing": row.standing.value,
    }
    if row.standing is not Standing.RANKED:
        return record
    band = row.figure.band
    return record | {
        "n": row.figure.n,
        "index": str(row.figure.printed),
        "grade": band.grade if band else "",
        "compose": row.figure.compose.value,
        "nrr": {
            line.code: str(half_up(line.result.nrr, NRR_PLACES)) for line in row.figure.elements if line.result.nrr
        },
    }

"""Moving answers into the tallies and out of them, and counting them anew.

Whoever does so holds the lock row, so that the set of tallied answers stands still; storing answers never waits for it.
Everything happens in one transaction, and readers see either all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from core.models import Region
from core.periods import Period, PeriodKind, period_of, periods_between
from surveys.models import Grain, Response, Survey, TallyCell, TallyLock
from surveys.models.tallies import KEY
from surveys.selectors.tallies import catalogue
from surveys.services.duplicates import mark_duplicates
from surveys.services.rollups import add, add_years

# As many as one transaction folds: about a tenth of a second, for which SQLite lets nobody else write.
BATCH = 1_000


def fold(*, now: datetime, batch: int = BATCH) -> int:
    """Put every answer that is in no tally yet into the tallies; how many. Safe to run twice, or by two at once."""
    folded = 0
    while found := _fold_batch(batch, now):
        folded += found
    return folded


def _fold_batch(size: int, now: datetime) -> int:
    # Without the lock: most minutes nothing waits, and then nothing is written.
    if not Response.objects.filter(is_tallied=False).exists():
        return 0
    with _locked():
        waiting = list(Response.objects.filter(is_tallied=False).values_list("pk", flat=True)[:size])
        # Before they are counted: afterwards a flag would make the tallies wrong.
        mark_duplicates(ids=waiting, now=now)
        folded = _move(waiting, sign=1)
        TallyLock.objects.update(folded_at=now)
    return folded


def unfold(*, ids: Iterable[int]) -> int:
    """Take answers out of the tallies, to change or delete them; how many were in. The next fold puts back the rest."""
    with _locked():
        tallied = Response.objects.filter(pk__in=list(ids), is_tallied=True).values_list("pk", flat=True)
        return _move(list(tallied), sign=-1)


def _move(ids: list[int], sign: int) -> int:
    if not ids:
        return 0
    rows = Response.objects.filter(pk__in=ids)
    add(rows, catalogue(None), sign=sign)
    return rows.update(is_tallied=sign > 0)


def rebuild(*, region: Region | None = None, start: date | None = None, end: date | None = None) -> int:
    """Count the tallied answers anew, month by month, each in its own transaction; how many months.

    ``start`` and ``end`` (half-open) widen to whole months. Figures stay exact meanwhile: a month's cells are replaced
    at once. Longer stretches are no faster: a year's groups no longer fit the processor's cache, and an answer of ten
    million costs twice as much.
    """
    months = list(_months(region, start, end))
    for one, month in months:
        with _locked():
            _recount(one, month)
    return len(months)


def differences(
    *, region: Region | None = None, start: date | None = None, end: date | None = None
) -> Iterator[tuple[Period, dict[str, Any], dict[str, int], dict[str, int]]]:
    """Cells that a recount would change: month, key, numbers stored, numbers counted. Changes nothing."""
    for one, month in _months(region, start, end):
        with _locked():
            stored = _cells(one, month)
            _recount(one, month)
            counted = _cells(one, month)
            transaction.set_rollback(True)
        for key in sorted(stored.keys() | counted.keys(), key=str):
            if stored.get(key) != counted.get(key):
                yield month, dict(zip(KEY, key, strict=True)), stored.get(key, {}), counted.get(key, {})


def days_of(survey: Survey) -> tuple[date, date] | None:
    """First and last day with an answer."""
    days = survey.responses.aggregate(first=Min("period_on"), last=Max("period_on"))
    return (days["first"], days["last"]) if days["first"] else None


@contextmanager
def _locked() -> Iterator[None]:
    with transaction.atomic():
        TallyLock.objects.get_or_create(pk=1)
        TallyLock.objects.select_for_update().get(pk=1)
        yield


def _months(region: Region | None, start: date | None, end: date | None) -> Iterator[tuple[Region, Period]]:
    """Every month with answers or cells, by region."""
    for one in [region] if region else Region.objects.order_by("pk"):
        answers = Response.objects.filter(region=one).aggregate(first=Min("period_on"), last=Max("period_on"))
        cells = _month_cells(one).aggregate(first=Min("start"), last=Max("start"))
        days = [day for day in (*answers.values(), *cells.values()) if day is not None]
        for month in periods_between(min(days), max(days), PeriodKind.MONTH) if days else ():
            if (start is None or month.end > start) and (end is None or month.start < end):
                yield one, month


def _month_cells(region: Region) -> QuerySet[TallyCell]:
    return TallyCell.objects.filter(region_id=region.pk, grain__in=(Grain.MONTH, Grain.DAY))


def _recount(region: Region, month: Period) -> None:
    year, known = period_of(month.start, PeriodKind.YEAR), catalogue(None)
    _prepare()
    _month_cells(region).filter(start__gte=month.start, start__lt=month.end).delete()
    rows = Response.objects.filter(is_tallied=True, region=region, period_on__gte=month.start, period_on__lt=month.end)
    add(rows, known, years=False, fresh=True)
    TallyCell.objects.filter(region_id=region.pk, grain=Grain.YEAR, start=year.start).delete()
    add_years(region_id=region.pk, start=year.start, end=year.end, known=known)


def _prepare() -> None:
    """Large groups belong into memory, and compiling a query takes longer than a month's answers do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
            cursor.execute("SET LOCAL work_mem = '128MB'")


def _cells(region: Region, month: Period) -> dict[tuple[Any, ...], dict[str, int]]:
    """Numbers of a month and its year by key, without zeros: an empty cell is the same as none."""
    year = period_of(month.start, PeriodKind.YEAR)
    months = _month_cells(region).filter(start__gte=month.start, start__lt=month.end)
    years = TallyCell.objects.filter(region_id=region.pk, grain=Grain.YEAR, start=year.start)
    rows: list[dict[str, Any]] = [dict(row) for row in (*months.values(), *years.values())]
    found = {tuple(row[name] for name in KEY): _numbers(row) for row in rows}
    return {key: numbers for key, numbers in found.items() if numbers}


def _numbers(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in row.items() if name != "id" and name not in KEY and value}

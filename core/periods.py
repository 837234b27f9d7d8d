"""Reporting periods: month, quarter (triwulan), half-year (semester), calendar year, and any other days.

Covers: which period a day belongs to, its half-open bounds, its key, the row of periods between two days, and whole
years and months that make up any stretch of days.
Leaves out: names in a language (templates) and which period is shown. Nothing here reads the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"
    # Any other days, named by the first and the last of them; never made by ``period_of``.
    DAYS = "days"


REGULAR = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.SEMESTER, PeriodKind.YEAR)
# The shapes of ``Period.key``; also used in addresses.
KEY_PATTERN = r"[0-9]{8}-[0-9]{8}|[0-9]{4}(?:-(?:0[1-9]|1[0-2])|Q[1-4]|S[12])?"
# Longer ones compare questionnaires and offices that have little in common.
MOST_DAYS = 3 * 366
_KEY = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])|Q([1-4])|S([12]))?")
_KINDS_OF_KEY = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.SEMESTER)
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` up to, not including, ``end``."""

    start: date
    end: date
    kind: PeriodKind

    @property
    def number(self) -> int:
        """1..12, 1..4, 1..2 or 1 within its year; not of DAYS."""
        return (self.start.month - 1) // _MONTHS[self.kind] + 1

    @property
    def key(self) -> str:
        """``2024-03``, ``2024Q1``, ``2024S1``, ``2024`` or ``20240115-20240220``: sorts by time within a kind."""
        if self.kind is PeriodKind.DAYS:
            return f"{self.start:%Y%m%d}-{self.end - timedelta(days=1):%Y%m%d}"
        year = f"{self.start.year:04}"
        suffixes = {
            PeriodKind.MONTH: f"-{self.start.month:02}",
            PeriodKind.QUARTER: f"Q{self.number}",
            PeriodKind.SEMESTER: f"S{self.number}",
            PeriodKind.YEAR: "",
        }
        return year + suffixes[self.kind]


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of this kind that holds the day."""
    months = _MONTHS[kind]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(start, _plus_months(start, months), kind)


def period_of_days(first: date, last: date) -> Period:
    """From one day to another, both included; months, quarters, half-years and years are found by their days.

    Raises ValueError for a last day before the first, or more than ``MOST_DAYS``.
    """
    end = last + timedelta(days=1)
    if not 0 < (end - first).days <= MOST_DAYS:
        raise ValueError("The last day lies before the first, or too far behind it.")
    regular = (period_of(first, kind) for kind in REGULAR)
    return next((one for one in regular if (one.start, one.end) == (first, end)), Period(first, end, PeriodKind.DAYS))


def any_period_from_key(key: str) -> Period:
    """The same as ``period_from_key``, with periods of any days. Raises ValueError."""
    first, dash, last = key.partition("-")
    if not (dash and len(first) == len(last) == 8 and key.isascii()):
        return period_from_key(key)
    found = period_of_days(date.fromisoformat(first), date.fromisoformat(last))
    if found.key != key:
        raise ValueError(f"{key!r} is called {found.key}.")
    return found


def period_from_key(key: str) -> Period:
    """The regular period a key names; the opposite of ``Period.key``. Raises ValueError for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is no period.")
    year, month, quarter, semester = found.groups()
    kind, number = next(
        ((kind, int(part)) for kind, part in zip(_KINDS_OF_KEY, (month, quarter, semester), strict=True) if part),
        (PeriodKind.YEAR, 1),
    )
    return period_of(date(int(year), (number - 1) * _MONTHS[kind] + 1, 1), kind)


def periods_between(first: date, last: date, kind: PeriodKind) -> Iterator[Period]:
    """Every period from the one of ``first`` to the one of ``last``, both included, oldest first."""
    period = period_of(first, kind)
    while period.start <= last:
        yield period
        period = period_of(period.end, kind)


@dataclass(frozen=True, slots=True)
class Cover:
    """Half-open stretches that add up to one period without overlap: whole years, whole months and single days."""

    years: tuple[tuple[date, date], ...] = ()
    months: tuple[tuple[date, date], ...] = ()
    days: tuple[tuple[date, date], ...] = ()


# No answer is older or younger.
FIRST, LAST = date(1, 1, 1), date(9998, 1, 1)


def cover_of(start: date | None, end: date | None, *, years: bool = True) -> Cover:
    """The fewest whole months (and years, where wanted) of ``[start, end)``, with the days left at its edges.

    None leaves a side open. An empty or reversed period has an empty cover.
    """
    start, end = start or FIRST, end or LAST
    if end <= start:
        return Cover()
    first, last = _next_start(start, PeriodKind.MONTH), period_of(end, PeriodKind.MONTH).start
    if last < first:
        return Cover(days=((start, end),))
    days = _filled((start, first), (last, end))
    first_year, last_year = _next_start(first, PeriodKind.YEAR), period_of(last, PeriodKind.YEAR).start
    if not years or last_year <= first_year:
        return Cover(months=_filled((first, last)), days=days)
    return Cover(((first_year, last_year),), _filled((first, first_year), (last_year, last)), days)


def _next_start(day: date, kind: PeriodKind) -> date:
    """The day itself where it begins a period, else the beginning of the next."""
    period = period_of(day, kind)
    return day if period.start == day else period.end


def _filled(*stretches: tuple[date, date]) -> tuple[tuple[date, date], ...]:
    return tuple((start, end) for start, end in stretches if start < end)


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)

"""Reporting periods: month, quarter (triwulan), half-year (semester), calendar year.

Covers: which period a day belongs to, its half-open bounds, its key, the row of periods between two days.
Leaves out: names in a language (templates) and which period is shown. Nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` up to, not including, ``end``."""

    start: date
    end: date
    kind: PeriodKind

    @property
    def number(self) -> int:
        """1..12, 1..4, 1..2 or 1 within its year."""
        return (self.start.month - 1) // _MONTHS[self.kind] + 1

    @property
    def key(self) -> str:
        """``2024-03``, ``2024Q1``, ``2024S1`` or ``2024``: sorts by time within a kind."""
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


def periods_between(first: date, last: date, kind: PeriodKind) -> Iterator[Period]:
    """Every period from the one of ``first`` to the one of ``last``, both included, oldest first."""
    period = period_of(first, kind)
    while period.start <= last:
        yield period
        period = period_of(period.end, kind)


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)

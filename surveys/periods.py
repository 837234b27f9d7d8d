"""Reporting periods live in ``core.periods``; surveys say them by this name."""

from core.periods import (
    FIRST,
    KEY_PATTERN,
    LAST,
    REGULAR,
    Cover,
    Period,
    PeriodKind,
    any_period_from_key,
    cover_of,
    period_from_key,
    period_of,
    period_of_days,
    periods_between,
)

__all__ = [
    "FIRST",
    "KEY_PATTERN",
    "LAST",
    "REGULAR",
    "Cover",
    "Period",
    "PeriodKind",
    "any_period_from_key",
    "cover_of",
    "period_from_key",
    "period_of",
    "period_of_days",
    "periods_between",
]

"""Reporting periods live in ``core.periods``; surveys say them by this name."""

from core.periods import (
    FIRST,
    KEY_PATTERN,
    LAST,
    Cover,
    Period,
    PeriodKind,
    cover_of,
    period_from_key,
    period_of,
    periods_between,
)

__all__ = [
    "FIRST",
    "KEY_PATTERN",
    "LAST",
    "Cover",
    "Period",
    "PeriodKind",
    "cover_of",
    "period_from_key",
    "period_of",
    "periods_between",
]

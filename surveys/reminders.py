"""When an agency is reminded that nobody has been asked in a quarter: while there is still time to ask."""

from __future__ import annotations

from datetime import date, timedelta

from core.periods import Period

REMIND_BEFORE = timedelta(days=30)


def is_reminder_day(period: Period, on: date) -> bool:
    """The last thirty days of a period."""
    return period.end - REMIND_BEFORE <= on < period.end

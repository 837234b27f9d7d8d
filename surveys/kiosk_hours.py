"""The opening hours of a kiosk: a time span for each day of the week.

Covers: reading them, whether a local moment lies inside, and since when the kiosk has been open. Leaves out: holidays
(the power switch decides) and the time zone, which is the region's.

    {"0": ["08:00", "15:00"], …, "4": ["08:00", "11:00"]}     0 is Monday; a day that is missing is closed

An empty table means: always open. A span ends before midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

Hours = Mapping[str, Sequence[str]]
DAYS = tuple(str(number) for number in range(7))


def faults_in(hours: Hours) -> list[str]:
    """Days that are no day, or whose span is no span; an empty list means usable."""
    return [day for day, span in hours.items() if day not in DAYS or not _is_span(span)]


def _is_span(span: Sequence[str]) -> bool:
    try:
        opens, closes = (time.fromisoformat(text) for text in span)
    except (TypeError, ValueError):
        return False
    return opens < closes


def open_since(hours: Hours, moment: datetime) -> datetime | None:
    """Since when the kiosk has been open at a local moment; None while it is closed.

    A kiosk that never closes has been open for longer than anything is silent.
    """
    if not hours:
        return moment - timedelta(days=365)
    span = hours.get(str(moment.weekday()))
    if span is None:
        return None
    opens, closes = (time.fromisoformat(text) for text in span)
    if not opens <= moment.time() < closes:
        return None
    return moment.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)


def is_open(hours: Hours, moment: datetime) -> bool:
    return open_since(hours, moment) is not None

"""Moments as events, letters and messages keep them: text that reads the same on every machine."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


# A decree moves a hundred thousand cases to a few hundred moments.
@lru_cache(10_000)
def utc_text(at: datetime | None) -> str | None:
    """The moment in ISO 8601, in UTC; None stays None."""
    return at.astimezone(UTC).isoformat() if at else None


def day_text(at: datetime | None, zone: ZoneInfo) -> str:
    """The day it is in the zone, in ISO 8601; empty where there is none."""
    return at.astimezone(zone).date().isoformat() if at else ""

"""When an answer kept on a device was really given, whatever that device's clock says.

Covers: how far the device's clock is off, and the moment of an answer on our clock. Leaves out: which day or period the
moment falls into (the region's time zone decides that), and storing.

Three readings are compared. The wall clock of the device may be wrong by years, but it is wrong by the same amount when
the answer is given and when it is sent, so the difference measured at sending corrects it. A clock that is set right in
between breaks that; then the counter of the device helps, which runs evenly while the page lives (``age``) but stands
still while the device sleeps, so it can only be too small. And no answer is older than the form it was given on, nor
younger than its arrival.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# What the column of the offset holds; a clock further off than 60 years is told as this.
LARGEST_OFFSET = 2_000_000_000
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def clock_offset(*, sent_at: datetime, received_at: datetime) -> timedelta:
    """How far the device's clock is ahead of ours; negative when it is behind."""
    return sent_at - received_at


def offset_seconds(offset: timedelta) -> int:
    """Whole seconds as stored, within what the column holds."""
    return max(-LARGEST_OFFSET, min(LARGEST_OFFSET, round(offset.total_seconds())))


def corrected(
    captured: datetime,
    *,
    offset: timedelta,
    issued_at: datetime,
    received_at: datetime,
    age: timedelta | None = None,
) -> datetime:
    """The moment of an answer on our clock, between ``issued_at`` and ``received_at``.

    ``captured`` is what the device's clock said, ``age`` how long ago that was by its even counter (None after a
    restart). All moments are aware. Never raises, whatever the clock says.
    """
    by_wall = _shifted(captured, offset)
    if age is not None:
        latest = received_at - max(age, timedelta())
        by_wall = by_wall if issued_at <= by_wall <= latest else latest
    return max(issued_at, min(by_wall, received_at))


def _shifted(moment: datetime, offset: timedelta) -> datetime:
    try:
        return moment - offset
    except OverflowError:
        return _FIRST if offset > timedelta() else _LAST

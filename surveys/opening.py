"""When a survey takes answers. Days are local days of the region; first and last day both belong to it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

# A form opened before the last day ended may still be sent.
GRACE = timedelta(minutes=30)


class Opening(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


def opening(*, is_open: bool, opens_on: date | None, closes_on: date | None, on: date) -> Opening:
    """Whether answers are taken on this day."""
    if not is_open or (closes_on is not None and on > closes_on):
        return Opening.CLOSED
    if opens_on is not None and on < opens_on:
        return Opening.UPCOMING
    return Opening.OPEN

"""How a deadline stands today, in working days: what the words on the screen are made of.

Covers the kind and the number ("three working days left"); the template filter ``due_words`` says it in the reader's
language. Leaves out which clock is meant. Days are those of the office's calendar, never of the server.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from workflows.calendar import WorkingCalendar
from workflows.sla import days_left

# From here on a deadline is shown as near.
SOON_DAYS = 2


class Standing(StrEnum):
    """Codes are those of the design system's ``.due--…`` classes."""

    OK = "ok"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    DONE = "done"
    NOT_MEASURED = "none"


class DueWords(NamedTuple):
    """``days`` is how many working days are left, or, when late, how many have passed since; 0 is today."""

    standing: Standing
    days: int = 0


def due_words(
    calendar: WorkingCalendar | None,
    now: datetime,
    due: datetime | None,
    *,
    paused: bool = False,
    done: bool = False,
) -> DueWords:
    """Tell how a deadline stands. Without a calendar or a due date it is not measured."""
    if done:
        return DueWords(Standing.DONE)
    if paused:
        return DueWords(Standing.PAUSED)
    if due is None or calendar is None:
        return DueWords(Standing.NOT_MEASURED)
    days = days_left(calendar, now, due)
    if now > due:
        return DueWords(Standing.LATE, abs(min(days, 0)))
    return DueWords(Standing.SOON if days <= SOON_DAYS else Standing.OK, days)

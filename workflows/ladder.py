"""When a reminder goes out: always at the opening time of a working day of the clock's own calendar.

Covers the four kinds of moments a rule may name; leaves out who is told and what was sent. A moment the clock never
reaches (day 3 of a limit of two days) is None. Nothing here reads the clock, a database or a setting.
"""

from datetime import datetime
from enum import StrEnum

from workflows.calendar import ONE_DAY, NoWorkingTime, WorkingCalendar
from workflows.sla import MAX_DAYS, Deadline, warn_after, warn_before


class Moment(StrEnum):
    PERCENT = "percent"
    BEFORE = "before"
    ON_DAY = "on_day"
    AFTER = "after"


def moment_of(kind: str, number: int, deadline: Deadline, calendar: WorkingCalendar) -> datetime | None:
    """The opening time at which a rule comes true for a deadline."""
    if kind == Moment.PERCENT:
        return warn_after(deadline, number)
    if kind == Moment.BEFORE:
        return warn_before(deadline, number)
    if kind == Moment.ON_DAY:
        return warn_before(deadline, deadline.length - number) if number <= deadline.length else None
    return opening_after(calendar, deadline.due, number)


def opening_after(calendar: WorkingCalendar, at: datetime, number: int) -> datetime:
    """Opening time of the ``number``-th working day after the day of ``at``; 0 is that day itself or the next.

    Raises NoWorkingTime when there is none within ten years.
    """
    on, left = calendar.local_date(at), number
    for _ in range(MAX_DAYS):
        day = calendar.day(on)
        if day.is_working and (on > calendar.local_date(at) or number == 0):
            left -= 1
            if left <= 0:
                return day.opening
        on += ONE_DAY
    raise NoWorkingTime(f"no opening within {MAX_DAYS} days")


def is_office_hours(calendar: WorkingCalendar, now: datetime) -> bool:
    """Whether the office is open at this instant; a break is not the time for a reminder either."""
    return any(opens <= now < closes for opens, closes in calendar.day(calendar.local_date(now)).spans)

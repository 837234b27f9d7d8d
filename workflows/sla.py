"""When is an answer due? The counting rule of deadlines in working days and in working minutes.

The regulations in force say how many working days an answer may take, not how the day of receipt counts.
The project's rule, decided once (docs/decisions, "deadlines"):

- Day 0 is the working day of receipt if the case arrived at or before closing time, inclusive to the second;
  otherwise the next working day. Arriving before opening or in the break counts as that day.
- Day mode: due at closing time of the Nth working day after day 0. Minute mode: due at the instant the last
  working minute is used up; a count that ends with a window is due at the end of that window.
- Pauses are half-open and touching ones are one. Only working time after receipt is credited. In day mode each
  paused working day gives its paused time divided by that day's own working time; the whole part of the sum is
  added to N. A date never falls due while the clock stands still: it moves to the next closing time at which the
  clock runs. A pause that begins when the deadline has been reached gives nothing and undoes no breach.
- An extension adds its working days to N, counted from the same day 0.
- Warnings are counted in working days from day 0, rounded down, and go out at opening time.

Leaves out: which policy applies, who may pause or extend, what is stored. A pause that is still open is passed
with "now" as its end. Nothing here reads the clock, a database or a setting; all instants are aware.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from workflows.calendar import NOTHING, ONE_DAY, Day, NoWorkingTime, WorkingCalendar
from workflows.stops import Pause, Stops

__all__ = [
    "Deadline",
    "NoWorkingTime",
    "Pause",
    "Role",
    "Step",
    "days_left",
    "due_in_working_days",
    "due_in_working_minutes",
    "promise",
    "warn_after",
    "warn_before",
]

# Ten years: more than any limit in force, and an end to every calculation.
MAX_DAYS = 3660
ONE_MICROSECOND = timedelta(microseconds=1)
ONE_MINUTE = timedelta(minutes=1)


class Role(StrEnum):
    """What a day did for the count."""

    SKIPPED = "skipped"
    AFTER_CLOSING = "after_closing"
    DAY_ZERO = "day_zero"
    COUNTED = "counted"


class Step(NamedTuple):
    """One day of the explanation. `number` counts working days from day 0; `paused` is the time credited."""

    day: Day
    role: Role
    number: int | None = None
    paused: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due instant in the unit's zone with the reason of every day from receipt to due.

    `credit` is the paused working time; `credit_days` the whole days it added in day mode.
    """

    received: datetime
    due: datetime
    steps: tuple[Step, ...]
    credit: timedelta = NOTHING
    credit_days: int = 0
    extension: int = 0

    @property
    def day_zero(self) -> date:
        return next(step.day.on for step in self.steps if step.role is Role.DAY_ZERO)

    @property
    def length(self) -> int:
        """Working days from day 0 to the due day, pauses and extension included."""
        return self.steps[-1].number or 0

    @property
    def credit_minutes(self) -> int:
        return self.credit // ONE_MINUTE

    @property
    def provisional(self) -> bool:
        """Whether a day on the way may still change: a forecast, or a year without a decree."""
        return any(step.day.provisional for step in self.steps)

    @property
    def years_without_decree(self) -> tuple[int, ...]:
        return tuple(sorted({step.day.on.year for step in self.steps if not step.day.decreed}))


def due_in_working_days(
    calendar: WorkingCalendar,
    received: datetime,
    days: int,
    *,
    pauses: Iterable[Pause] = (),
    extension: int = 0,
) -> Deadline:
    """Count `days` working days (0 or more) plus `extension` from receipt.

    Raises NoWorkingTime when the calendar has none, ValueError for a negative count or a naive instant.
    """
    if days < 0 or extension < 0:
        raise ValueError("working days must not be negative")
    stops = Stops(received, pauses)
    target, credit_days, shares = days + extension, 0, Fraction(0)
    steps: list[Step] = []
    for step in _walk(calendar, received):
        number, told = step.number, step
        if stops.touch(step.day):
            told = step._replace(paused=stops.time_in(step.day.spans))
            shares += _share(told)
            credit_days = int(shares)
        steps.append(told)
        if number is not None and number >= target + credit_days and not stops.cover(step.day.closing):
            return _deadline(calendar, received, step.day.closing, steps, credit_days=credit_days, extension=extension)
    raise _out_of_reach()


def due_in_working_minutes(
    calendar: WorkingCalendar, received: datetime, minutes: int, *, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Use up `minutes` working minutes (1 or more) from receipt.

    Raises NoWorkingTime when the calendar has none, ValueError for a count below one or a naive instant.
    """
    if minutes < 1:
        raise ValueError("working minutes must be positive")
    stops = Stops(received, pauses)
    left = minutes * ONE_MINUTE
    steps: list[Step] = []
    for step in _walk(calendar, received):
        touched = stops.touch(step.day)
        if step.number and not touched and left > step.day.working_time:
            left -= step.day.working_time
            steps.append(step)
            continue
        running = stops.gaps_in(step.day.spans) if step.number is not None else ()
        for opens, closes in running:
            if left <= closes - opens:
                due = opens + left
                steps.append(step._replace(paused=stops.time_in(step.day.spans, until=due)))
                return _deadline(calendar, received, due, steps)
            left -= closes - opens
        steps.append(step._replace(paused=stops.time_in(step.day.spans)) if touched else step)
    raise _out_of_reach()


def promise(promised: datetime | None, computed: datetime) -> datetime:
    """The date the citizen keeps: a recalculation may move it later, never earlier."""
    return computed if promised is None else max(promised, computed)


def warn_after(deadline: Deadline, percent: int) -> datetime:
    """Opening time of the day on which `percent` (0 to 100) of the working days are gone, rounded down."""
    if not 0 <= percent <= 100:
        raise ValueError("a share of the time lies between 0 and 100 percent")
    return _opening_of(deadline, deadline.length * percent // 100)


def warn_before(deadline: Deadline, days: int) -> datetime:
    """Opening time of the day `days` working days before the due day; day 0 at the earliest."""
    if days < 0:
        raise ValueError("working days must not be negative")
    return _opening_of(deadline, max(deadline.length - days, 0))


def days_left(calendar: WorkingCalendar, now: datetime, due: datetime) -> int:
    """Working days from today to the due day: 0 means due today, below 0 means days overdue."""
    today, last = calendar.local_date(now), calendar.local_date(due)
    if today <= last:
        return calendar.working_days(today, last)
    return -calendar.working_days(last, today)


def _walk(calendar: WorkingCalendar, received: datetime) -> Iterator[Step]:
    """Yield every day from receipt on, numbered from day 0; stops for good after MAX_DAYS."""
    on, number, year = calendar.local_date(received), 0, 0
    # Closing time is inclusive to the second, whatever fraction of it the clock of the server adds.
    on_time = received.replace(microsecond=0)
    for _ in range(MAX_DAYS):
        if on.year != year:
            year = on.year
            calendar.require_open_year(year)
        day = calendar.day(on)
        if not day.spans:
            yield Step(day, Role.SKIPPED)
        elif number:
            yield Step(day, Role.COUNTED, number)
            number += 1
        elif on_time > day.closing:
            yield Step(day, Role.AFTER_CLOSING)
        else:
            yield Step(day, Role.DAY_ZERO, 0)
            number = 1
        on += ONE_DAY


def _share(step: Step) -> Fraction:
    """Paused time as a share of that day's own working time."""
    return Fraction(step.paused // ONE_MICROSECOND, step.day.working_time // ONE_MICROSECOND)


def _deadline(
    calendar: WorkingCalendar,
    received: datetime,
    due: datetime,
    steps: list[Step],
    *,
    credit_days: int = 0,
    extension: int = 0,
) -> Deadline:
    credit = sum((step.paused for step in steps if step.paused), NOTHING)
    due, received = due.astimezone(calendar.zone), received.astimezone(calendar.zone)
    return Deadline(received, due, tuple(steps), credit, credit_days, extension)


def _opening_of(deadline: Deadline, number: int) -> datetime:
    """A warning on day 0 goes out at receipt when the office had opened before."""
    opening = next(step.day.opening for step in deadline.steps if step.number == number)
    return max(opening.astimezone(deadline.due.tzinfo), deadline.received)


def _out_of_reach() -> NoWorkingTime:
    return NoWorkingTime(f"no due date within {MAX_DAYS} days of receipt")

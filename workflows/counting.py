"""Many deadlines of one calendar at once: closing times as arrays, a date in a few microseconds.

Covers counts in working days without pauses, which is nearly every case; the rest goes to ``sla``, whose answer this
must equal exactly. Leaves out who asks and what is stored. Nothing here reads the clock, a database or a setting.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime

from workflows.calendar import WorkingCalendar
from workflows.sla import NoWorkingTime, Pause, due_in_working_days, due_in_working_minutes

# Years around the first receipt asked for: the longest limit in force takes a quarter of one.
YEARS_BACK, YEARS_AHEAD = 1, 3


class DueTable:
    """Working days of a calendar, numbered; built at the first question and good for receipts of some years."""

    def __init__(self, calendar: WorkingCalendar):
        self.calendar = calendar
        self._first = 0
        # For each day the number of the first working day on or after it; for each number its closing time.
        self._number_from: list[int] = []
        self._closings: list[datetime] = []
        self._opens_on: list[int] = []
        # The clocks of a case start together, and are asked for one after the other.
        self._asked: datetime | None = None
        self._zero: int | None = None

    def due_in_days(self, received: datetime, days: int) -> datetime:
        """Closing time of the working day ``days`` after day 0. Raises NoWorkingTime as the full count does."""
        if received != self._asked:
            self._asked, self._zero = received, self._day_zero(received)
        if self._zero is not None and self._zero + days < len(self._closings):
            return self._closings[self._zero + days]
        return due_in_working_days(self.calendar, received, days).due

    def due(
        self,
        received: datetime,
        *,
        days: int = 0,
        minutes: int = 0,
        pauses: Sequence[Pause] = (),
        extension: int = 0,
    ) -> datetime | None:
        """The due instant of one clock, in whichever way it is counted; None where the calendar never opens."""
        try:
            if not (minutes or pauses):
                return self.due_in_days(received, days + extension)
            if minutes:
                return due_in_working_minutes(self.calendar, received, minutes, pauses=pauses).due
            return due_in_working_days(self.calendar, received, days, pauses=pauses, extension=extension).due
        except NoWorkingTime:
            return None

    def _day_zero(self, received: datetime) -> int | None:
        """The number of day 0; None for a receipt outside of the table."""
        local = received.astimezone(self.calendar.zone)
        if not self._closings:
            self._build(local.year)
        today = local.toordinal()
        if not 0 <= today - self._first < len(self._number_from):
            return None
        zero = self._number_from[today - self._first]
        is_open_today = zero < len(self._closings) and self._opens_on[zero] == today
        return zero + (is_open_today and received.replace(microsecond=0) > self._closings[zero])

    def _build(self, year: int) -> None:
        self._first = date(year - YEARS_BACK, 1, 1).toordinal()
        last = date(year + YEARS_AHEAD, 12, 31).toordinal()
        closed_years = [y for y in range(year - YEARS_BACK, year + YEARS_AHEAD + 1) if not _opens(self.calendar, y)]
        if closed_years:
            # The full count knows where to stop with an error.
            last = date(min(closed_years), 1, 1).toordinal() - 1
        for ordinal in range(self._first, last + 1):
            self._number_from.append(len(self._closings))
            day = self.calendar.day(date.fromordinal(ordinal))
            if day.spans:
                self._closings.append(day.closing.astimezone(UTC))
                self._opens_on.append(ordinal)


def is_same(one: WorkingCalendar, other: WorkingCalendar) -> bool:
    """Whether two calendars were made of the same rules, and so tell the same of every day."""
    return all(getattr(one, part.name) == getattr(other, part.name) for part in fields(one) if part.init)


def _opens(calendar: WorkingCalendar, year: int) -> bool:
    return calendar.has_working_time(year)

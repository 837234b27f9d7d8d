"""Many deadlines of one calendar at once: closing times as arrays, a date in a few microseconds.

Covers counts in working days without pauses, which is nearly every case; the rest goes to ``sla``, whose answer this
must equal exactly. Leaves out who asks and what is stored. Nothing here reads the clock, a database or a setting.
"""

from collections.abc import Iterable
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
        self._known: dict[tuple[datetime, int], datetime] = {}

    def due_in_days(self, received: datetime, days: int) -> datetime:
        """Closing time of the working day ``days`` after day 0. Raises NoWorkingTime as the full count does."""
        key = received, days
        due = self._known.get(key)
        if due is None:
            due = self._known[key] = self._count(received, days)
        return due

    def due(
        self,
        received: datetime,
        *,
        days: int = 0,
        minutes: int = 0,
        pauses: Iterable[Pause] = (),
        extension: int = 0,
    ) -> datetime | None:
        """The due instant of one clock, in whichever way it is counted; None where the calendar never opens."""
        pauses = tuple(pauses)
        try:
            if minutes:
                return due_in_working_minutes(self.calendar, received, minutes, pauses=pauses).due
            if pauses:
                return due_in_working_days(self.calendar, received, days, pauses=pauses, extension=extension).due
            return self.due_in_days(received, days + extension)
        except NoWorkingTime:
            return None

    def _count(self, received: datetime, days: int) -> datetime:
        if not self._closings:
            self._build(received.astimezone(self.calendar.zone).year)
        local = received.astimezone(self.calendar.zone)
        place = local.toordinal() - self._first
        if 0 <= place < len(self._number_from):
            zero = self._number_from[place]
            if zero < len(self._closings):
                is_today = self._opens_on[zero] == local.toordinal()
                zero += is_today and received.replace(microsecond=0) > self._closings[zero]
                if zero + days < len(self._closings):
                    return self._closings[zero + days]
        return due_in_working_days(self.calendar, received, days).due

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

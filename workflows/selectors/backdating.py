"""How far back an entry is dated, in working days of the coordinator's calendar."""

from dataclasses import dataclass
from datetime import datetime

from core.models import Agency, Region
from workflows.calendar import WorkingCalendar
from workflows.models import WorkingHours
from workflows.selectors.calendars import calendar_for
from workflows.selectors.desk import desk_of


@dataclass(frozen=True, slots=True)
class Backdating:
    days: int
    most: int

    @property
    def is_beyond(self) -> bool:
        """Further back than an officer may decide alone."""
        return self.days > self.most


def backdating_of(region: Region, received_at: datetime, now: datetime) -> Backdating:
    """Working days after the day of receipt up to today; calendar days where no office hours are loaded."""
    first, last = (at.astimezone(region.zone).date() for at in (received_at, now))
    if first >= last:
        return Backdating(0, 0)
    desk = desk_of(region)
    calendar = _calendar(desk.coordinator)
    days = calendar.working_days(first, last) if calendar else (last - first).days
    return Backdating(days, desk.backdate_days)


def _calendar(agency: Agency | None) -> WorkingCalendar | None:
    try:
        return calendar_for(agency)
    except WorkingHours.DoesNotExist:
        return None

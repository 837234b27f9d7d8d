"""How cases stand against their deadlines now, for lists and single cases."""

from collections.abc import Iterable
from datetime import datetime

from core.models import Agency, Region
from workflows.calendar import WorkingCalendar
from workflows.due_words import DueWords, due_words
from workflows.models import Complaint, WorkingHours
from workflows.selectors.calendars import CalendarVersion, calendar_for, calendar_version
from workflows.selectors.desk import desk_of
from workflows.selectors.locking import Versions
from workflows.states import AGENCY_STATUSES, FINAL_STATUSES, Status


def standings(complaints: Iterable[Complaint], now: datetime) -> dict[int, DueWords]:
    """Words for each case's next step by its id; a fixed number of queries whatever the number of cases.

    Give cases with ``region`` and ``current_agency__region`` selected, best with the region's desk and ``versioned``.
    """
    complaints, desks, words = list(complaints), {}, {}
    version = version_of(complaints[0]) if complaints else None
    for complaint in complaints:
        if complaint.region_id not in desks:
            desks[complaint.region_id] = _coordinator_of(complaint.region)
        office = complaint.current_agency if complaint.status in AGENCY_STATUSES else desks[complaint.region_id]
        try:
            calendar = calendar_for(office, version=version)
        except WorkingHours.DoesNotExist:
            calendar = None
        words[complaint.pk] = standing_of(complaint, calendar, now, complaint.next_due_at)
    return words


def version_of(complaint: Complaint) -> CalendarVersion:
    """The calendars' version; no query where it was read with the row."""
    if "calendar_number" not in complaint.__dict__:
        return calendar_version()
    versions = Versions.of(complaint)
    return CalendarVersion(versions.calendar or 0, versions.calendar_token)


def _coordinator_of(region: Region) -> Agency | None:
    """Without a query where the list has selected the desk with its rows."""
    known = region._state.fields_cache.get("complaint_desk")
    return known.coordinator if known else desk_of(region).coordinator


def standing_of(
    complaint: Complaint, calendar: WorkingCalendar | None, now: datetime, due: datetime | None
) -> DueWords:
    """Words for one deadline of one case."""
    return due_words(
        calendar,
        now,
        due,
        paused=complaint.status == Status.NEEDS_INFO,
        done=complaint.status in FINAL_STATUSES,
    )


def promise_of(complaint: Complaint, now: datetime) -> DueWords:
    """Words for the date promised to the reporter: the answer, by the coordinator's calendar."""
    try:
        calendar = calendar_for(desk_of(complaint.region).coordinator)
    except WorkingHours.DoesNotExist:
        calendar = None
    if complaint.status == Status.FOLLOWED_UP:
        return due_words(calendar, now, complaint.due_at, done=True)
    return standing_of(complaint, calendar, now, complaint.due_at)

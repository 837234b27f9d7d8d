"""Which office hours, working week and joint-leave habit an agency has from which day on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from core.models import Agency
from workflows.calendar import Era, HoursProfile, Season, Window, tidy_windows
from workflows.models import AgencyWeek, CalendarLayer, WorkingHours, WorkingWindow

# Before the first version anybody recorded.
BEGINNING = date.min


def eras_of(agency: Agency | None, layers: Iterable[CalendarLayer]) -> list[Era]:
    """The agency's hours and week in order of their first day (two queries and one for the windows); never empty.

    Raises WorkingHours.DoesNotExist when none are loaded.
    """
    rows = list(WorkingHours.objects.applying_to(agency).select_related("agency").prefetch_related("windows"))
    weeks = list(AgencyWeek.objects.filter(agency=agency).order_by("valid_from")) if agency else []
    bounds = {on for row in rows for on in (row.valid_from, row.valid_until) if on}
    starts = sorted({BEGINNING, *bounds, *(week.valid_from for week in weeks)})
    eras: list[Era] = []
    for first in starts:
        era = _era_on(first, agency, rows, weeks, layers)
        if era and (not eras or _facts(era) != _facts(eras[-1])):
            eras.append(era)
    if not eras:
        raise WorkingHours.DoesNotExist("no office hours are loaded for this agency's working week")
    return eras


def _era_on(
    first: date,
    agency: Agency | None,
    rows: list[WorkingHours],
    weeks: list[AgencyWeek],
    layers: Iterable[CalendarLayer],
) -> Era | None:
    week, joint_leave = _week_on(first, agency, weeks)
    fitting = [row for row in rows if _in_force(row, first) and (row.agency_id or row.working_week == week)]
    if not fitting:
        return None
    hours = max(fitting, key=_closeness)
    normal = _windows(hours, WorkingWindow.Season.NORMAL)
    profile = HoursProfile(normal, _seasons(hours, layers), hours.source)
    return Era(first, profile, frozenset(normal), joint_leave)


def _week_on(on: date, agency: Agency | None, weeks: list[AgencyWeek]) -> tuple[str, bool]:
    """The agency's own fields hold until the first dated row; without an agency, five days with joint leave."""
    dated = [row for row in weeks if row.valid_from <= on]
    if dated:
        return dated[-1].working_week, dated[-1].joint_leave_observed
    if agency is None:
        return Agency.WorkingWeek.FIVE_DAY, True
    return agency.working_week, agency.joint_leave_observed


def _in_force(row: WorkingHours, on: date) -> bool:
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or row.valid_until > on)


def _facts(era: Era) -> tuple:
    return era.hours, era.week, era.joint_leave_observed


def _closeness(hours: WorkingHours) -> tuple[int, bool, int]:
    """The agency's own or its parent's, else the region's, else the reference hours."""
    return len(hours.agency.path) if hours.agency else 0, hours.region_id is not None, hours.pk


def _windows(hours: WorkingHours, season: str) -> dict[int, tuple[Window, ...]]:
    by_weekday: dict[int, list[Window]] = defaultdict(list)
    for row in hours.windows.all():
        if row.season == season:
            by_weekday[row.weekday].append(row.window)
    return {weekday: tidy_windows(windows) for weekday, windows in by_weekday.items()}


def _seasons(hours: WorkingHours, layers: Iterable[CalendarLayer]) -> tuple[Season, ...]:
    ramadan = _windows(hours, WorkingWindow.Season.RAMADAN)
    if not ramadan:
        return ()
    # A local letter on Ramadan stands before the national one, the later before the earlier.
    rows = sorted(
        (layer for layer in layers if layer.kind == CalendarLayer.Kind.RAMADAN),
        key=lambda layer: (layer.region_id is None, layer.agency_id is None, -layer.pk),
    )
    return tuple(
        Season(layer.name, layer.first_day, layer.last_day, ramadan, layer.source, layer.provisional)
        for layer in rows
        if layer.first_day and layer.last_day
    )

"""Deadline cases in a file: their own calendars, receipts and expected dates, run through the engine.

The format is that of `tests/data/sla_cases.json`; an auditor can hand in such a file and check the clock.
Leaves out reading files and printing. A case that cannot be read counts as failed, never as passed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.calendar import (
    WEEKDAYS,
    HoursProfile,
    Layer,
    LayerKind,
    NoWorkingTime,
    Season,
    Window,
    WorkingCalendar,
    tidy_windows,
)
from workflows.sla import Deadline, Pause, due_in_working_days, due_in_working_minutes

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}

Json = Mapping[str, Any]


class Outcome(NamedTuple):
    """Result of one case; `mismatch` is empty when it passed."""

    case_id: str
    mismatch: str = ""


def run_cases(content: Json) -> Iterator[Outcome]:
    """Run every case of a file. Raises ValueError when the file as a whole has another shape."""
    if not isinstance(content, Mapping) or not isinstance(content.get("cases"), list):
        raise ValueError("a case file is an object with a list of cases")
    calendars: dict[tuple[str, str], WorkingCalendar] = {}
    for number, case in enumerate(content["cases"], start=1):
        case_id = str(case.get("id", number)) if isinstance(case, Mapping) else str(number)
        try:
            yield Outcome(case_id, _mismatch(case, _calendar_of(case, content, calendars)))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            yield Outcome(case_id, f"unreadable: {error!r}")


def read_calendar(name: str, content: Json, zone: ZoneInfo) -> WorkingCalendar:
    """Build one named calendar of a case file."""
    calendar = content["calendars"][name]
    return WorkingCalendar(
        hours=read_hours(content["hours_profiles"][calendar["hours"]]),
        zone=zone,
        week=frozenset(WEEKDAYS.index(day) for day in calendar["week"]),
        layers=tuple(_layer(content["holiday_layers"][layer]) for layer in calendar["holidays"]),
        joint_leave_observed=calendar["joint_leave_observed"],
    )


def read_hours(profile: Json) -> HoursProfile:
    """Build an hours profile with its seasons."""
    return HoursProfile(_week(profile["hours"]), tuple(_season(season) for season in profile.get("seasons", ())))


def read_zone(name: str) -> ZoneInfo:
    """WIB, WITA, WIT or an IANA name. Raises ValueError for anything else."""
    try:
        return ZoneInfo(ZONES.get(name, name))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def _calendar_of(case: Json, content: Json, known: dict[tuple[str, str], WorkingCalendar]) -> WorkingCalendar:
    key = (case["calendar"], case["zone"])
    if key not in known:
        known[key] = read_calendar(case["calendar"], content, read_zone(case["zone"]))
    return known[key]


def _mismatch(case: Json, calendar: WorkingCalendar) -> str:
    expected_error = case.get("expected_error")
    try:
        deadline = _run(case, calendar)
    except NoWorkingTime as error:
        return "" if expected_error == error.code else f"expected {case.get('expected')}, got error {error.code}"
    if expected_error:
        return f"expected error {expected_error}, got {deadline.due.isoformat()}"
    if deadline.due != datetime.fromisoformat(case["expected"]):
        return f"expected {case['expected']}, got {deadline.due.isoformat()}"
    credit = case.get("expected_credit_minutes")
    if credit is not None and credit != deadline.credit_minutes:
        return f"expected a credit of {credit} minutes, got {deadline.credit_minutes}"
    return ""


def _run(case: Json, calendar: WorkingCalendar) -> Deadline:
    received = datetime.fromisoformat(case["received"])
    pauses = [_pause(pause) for pause in case.get("pauses") or ()]
    if ("working_days" in case) == ("working_minutes" in case):
        raise ValueError("a case counts either working_days or working_minutes")
    if "working_minutes" in case:
        return due_in_working_minutes(calendar, received, case["working_minutes"], pauses=pauses)
    return due_in_working_days(calendar, received, case["working_days"], pauses=pauses)


def _pause(pause: Json) -> Pause:
    return Pause(datetime.fromisoformat(pause["from"]), datetime.fromisoformat(pause["to"]))


def _layer(layer: Json) -> Layer:
    days = {date.fromisoformat(day): "" for day in layer["days"]}
    kind = layer["kind"] if layer["kind"] in set(LayerKind) else LayerKind.LOCAL
    return Layer(LayerKind(kind), days, layer.get("source", ""), bool(layer.get("provisional")))


def _season(season: Json) -> Season:
    first, last = date.fromisoformat(season["from"]), date.fromisoformat(season["to"])
    return Season(season.get("name", ""), first, last, _week(season["hours"]))


def _week(hours: Json) -> dict[int, tuple[Window, ...]]:
    return {
        WEEKDAYS.index(day): tidy_windows(Window.parse(opens, closes) for opens, closes in windows)
        for day, windows in hours.items()
    }

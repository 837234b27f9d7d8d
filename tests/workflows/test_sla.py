"""The counting rule: worked cases, its edges, and properties on random calendars."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflows import strategies
from workflows.calendar import DayReason, HoursProfile, Layer, LayerKind, NoWorkingTime, WorkingCalendar
from workflows.sla import (
    MAX_DAYS,
    Pause,
    Role,
    days_left,
    due_in_working_days,
    due_in_working_minutes,
    promise,
    warn_after,
    warn_before,
)
from workflows.sla_cases import read_calendar, read_zone, run_cases

CONTENT = json.loads((Path(__file__).parents[1] / "data" / "sla_cases.json").read_text())
WIB = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=WIB)


@pytest.fixture(scope="module")
def office():
    """Five days, Ramadan hours, all layers of 2026."""
    return read_calendar("office-2026", CONTENT, read_zone("WIB"))


def wib(text):
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def pause(start, end):
    return Pause(wib(start), wib(end))


# --- Worked cases -----------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", list(run_cases(CONTENT)), ids=lambda outcome: outcome.case_id)
def test_the_worked_case_comes_out(outcome):
    assert outcome.mismatch == ""


def test_all_worked_cases_were_run():
    assert len(list(run_cases(CONTENT))) == len(CONTENT["cases"]) == 64


# --- Day 0 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "day_zero"),
    [
        ("2026-05-04T00:00", "2026-05-04"),
        ("2026-05-04T12:30", "2026-05-04"),
        ("2026-05-04T16:00:00", "2026-05-04"),
        ("2026-05-04T16:00:00.999999", "2026-05-04"),
        ("2026-05-04T16:00:01", "2026-05-05"),
        ("2026-05-08T16:30:00", "2026-05-08"),
        ("2026-05-08T16:31", "2026-05-11"),
        ("2026-05-09T10:00", "2026-05-11"),
        ("2026-05-13T16:01", "2026-05-18"),
    ],
)
def test_closing_time_inclusive_to_the_second_decides_day_zero(office, received, day_zero):
    deadline = due_in_working_days(office, wib(received), 3)
    assert deadline.day_zero == date.fromisoformat(day_zero)
    assert office.working_days(deadline.day_zero, deadline.due.date()) == 3


def test_zero_working_days_are_due_at_closing_time_of_day_zero(office):
    assert due_in_working_days(office, MONDAY, 0).due == wib("2026-05-04T16:00")


def test_the_due_instant_is_given_in_the_units_zone(office):
    deadline = due_in_working_days(office, MONDAY.astimezone(UTC), 1)
    assert deadline.due.tzinfo == WIB
    assert deadline.due.hour == 16


# --- Explanation --------------------------------------------------------------------------------


def test_every_day_from_receipt_to_due_is_explained(office):
    deadline = due_in_working_days(office, wib("2026-02-13T16:31"), 3)
    told = [(step.day.on.day, step.role, step.number) for step in deadline.steps]
    assert told == [
        (13, Role.AFTER_CLOSING, None),
        (14, Role.SKIPPED, None),
        (15, Role.SKIPPED, None),
        (16, Role.SKIPPED, None),
        (17, Role.SKIPPED, None),
        (18, Role.DAY_ZERO, 0),
        (19, Role.COUNTED, 1),
        (20, Role.COUNTED, 2),
        (21, Role.SKIPPED, None),
        (22, Role.SKIPPED, None),
        (23, Role.COUNTED, 3),
    ]
    assert [deadline.steps[number].day.reason for number in (1, 3, 4, 6)] == [
        DayReason.DAY_OFF,
        DayReason.JOINT_LEAVE,
        DayReason.NATIONAL,
        DayReason.SEASON,
    ]
    assert "1497/2025" in deadline.steps[3].day.source


def test_a_deadline_across_provisional_days_says_so(office):
    forecast = Layer(LayerKind.NATIONAL, {date(2026, 5, 6): "forecast"}, provisional=True)
    calendar = WorkingCalendar(hours=office.hours, zone=WIB, layers=(forecast,))
    assert due_in_working_days(calendar, MONDAY, 2).provisional
    assert not due_in_working_days(calendar, MONDAY, 1).provisional


def test_a_deadline_across_a_year_without_a_decree_names_the_year(office):
    calendar = WorkingCalendar(hours=office.hours, zone=WIB, decreed_years=frozenset({2026}))
    assert due_in_working_days(calendar, wib("2026-12-28T10:00"), 14).years_without_decree == (2027,)
    assert due_in_working_days(calendar, MONDAY, 14).years_without_decree == ()


# --- Pauses -------------------------------------------------------------------------------------


def test_whole_paused_days_move_the_date_and_the_rest_is_only_told(office):
    deadline = due_in_working_days(office, MONDAY, 5, pauses=[pause("2026-05-07T09:00", "2026-05-12T14:00")])
    assert (deadline.credit_days, deadline.credit_minutes) == (3, 1590)
    assert deadline.length == 8


def test_paused_shares_of_unequal_days_are_added_exactly(office):
    """Half of a Ramadan day and half of a normal day are one day, whatever their minutes."""
    received = wib("2026-03-09T08:00")
    halves = [pause("2026-03-10T08:00", "2026-03-10T11:15"), pause("2026-04-01T07:30", "2026-04-01T11:15")]
    plain = due_in_working_days(office, received, 14)
    paused = due_in_working_days(office, received, 14, pauses=halves)
    assert paused.credit_days == 1
    assert office.working_days(plain.due.date(), paused.due.date()) == 1
    one_minute_less = [halves[0], pause("2026-04-01T07:30", "2026-04-01T11:14")]
    assert due_in_working_days(office, received, 14, pauses=one_minute_less).due == plain.due


def test_a_pause_before_receipt_gives_nothing(office):
    early = pause("2026-05-01T08:00", "2026-05-04T07:59")
    assert due_in_working_days(office, MONDAY, 5, pauses=[early]) == due_in_working_days(office, MONDAY, 5)


def test_only_the_part_of_a_pause_after_receipt_is_credited(office):
    deadline = due_in_working_days(office, MONDAY, 5, pauses=[pause("2026-05-01T08:00", "2026-05-04T08:30")])
    assert deadline.credit_minutes == 30


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        ("2026-05-11T15:59", "2026-05-11T16:00", "2026-05-11T16:00"),
        ("2026-05-11T15:59", "2026-05-11T16:01", "2026-05-12T16:00"),
        ("2026-05-11T16:00", "2026-05-12T07:30", "2026-05-11T16:00"),
        ("2026-05-11T16:00", "2026-05-12T10:00", "2026-05-11T16:00"),
        ("2026-05-11T15:59", "2026-05-13T16:00", "2026-05-13T16:00"),
    ],
)
def test_a_date_never_falls_due_while_the_clock_stands_still(office, start, end, due):
    assert due_in_working_days(office, MONDAY, 5, pauses=[pause(start, end)]).due == wib(due)


def test_touching_pauses_are_one_even_where_they_touch_at_closing_time(office):
    pieces = [pause("2026-05-11T15:00", "2026-05-11T16:00"), pause("2026-05-11T16:00", "2026-05-12T10:00")]
    assert due_in_working_days(office, MONDAY, 5, pauses=pieces).due == wib("2026-05-12T16:00")


def test_minutes_that_end_where_a_pause_begins_are_due_there(office):
    stop = pause("2026-05-04T09:00", "2026-05-04T10:00")
    deadline = due_in_working_minutes(office, MONDAY, 60, pauses=[stop])
    assert deadline.due == wib("2026-05-04T09:00")
    assert deadline.credit_minutes == 0
    assert due_in_working_minutes(office, MONDAY, 61, pauses=[stop]).due == wib("2026-05-04T10:01")


def test_overlapping_pauses_are_credited_once(office):
    both = [pause("2026-05-05T08:00", "2026-05-05T10:00"), pause("2026-05-05T09:00", "2026-05-05T11:00")]
    assert due_in_working_days(office, MONDAY, 5, pauses=both).credit_minutes == 180


# --- Extension, warnings, promise, days left ------------------------------------------------------


def test_an_extension_counts_from_the_same_day_zero(office):
    extended = due_in_working_days(office, MONDAY, 14, extension=10)
    assert extended.due == wib("2026-06-12T16:30")
    assert extended.day_zero == date(2026, 5, 4)


def test_warnings_go_out_at_opening_time_counted_in_working_days(office):
    deadline = due_in_working_days(office, MONDAY, 14)
    assert warn_after(deadline, 80) == wib("2026-05-21T07:30")
    assert warn_before(deadline, 2) == wib("2026-05-22T07:30")
    assert warn_after(deadline, 100) == wib("2026-05-26T07:30")


def test_a_warning_never_goes_out_before_receipt(office):
    deadline = due_in_working_days(office, MONDAY, 1)
    assert warn_after(deadline, 80) == MONDAY
    assert warn_before(deadline, 5) == MONDAY


def test_a_promise_is_kept_when_the_date_moves_earlier_and_follows_when_it_moves_later():
    earlier, later = MONDAY, MONDAY + timedelta(days=1)
    assert promise(None, earlier) == earlier
    assert promise(later, earlier) == later
    assert promise(earlier, later) == later


@pytest.mark.parametrize(
    ("now", "left"),
    [("2026-05-11T08:00", 3), ("2026-05-18T23:00", 0), ("2026-05-19T00:00", -1), ("2026-05-25T09:00", -5)],
)
def test_days_left_are_working_days_and_negative_when_overdue(office, now, left):
    assert days_left(office, wib(now), wib("2026-05-18T16:00")) == left


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [due_in_working_days, due_in_working_minutes])
def test_an_instant_without_a_zone_is_refused(office, count):
    with pytest.raises(ValueError, match="time zone"):
        count(office, datetime(2026, 5, 4, 8, 0), 5)


def test_a_pause_needs_a_zone_and_an_end_after_its_start():
    with pytest.raises(ValueError, match="time zone"):
        Pause(datetime(2026, 5, 4), datetime(2026, 5, 5))
    with pytest.raises(ValueError, match="before it begins"):
        Pause(MONDAY, MONDAY - timedelta(seconds=1))


def test_negative_counts_are_refused(office):
    with pytest.raises(ValueError, match="negative"):
        due_in_working_days(office, MONDAY, -1)
    with pytest.raises(ValueError, match="positive"):
        due_in_working_minutes(office, MONDAY, 0)


@pytest.mark.parametrize("count", [due_in_working_days, due_in_working_minutes])
def test_a_calendar_with_every_day_of_the_year_off_stops_with_a_clear_error(office, count):
    closed = {date(2026, 1, 1) + timedelta(days=number): "" for number in range(365)}
    calendar = WorkingCalendar(hours=office.hours, zone=WIB, layers=(Layer(LayerKind.CLOSURE, closed),))
    with pytest.raises(NoWorkingTime) as caught:
        count(calendar, MONDAY, 5)
    assert caught.value.code == "no_working_time"


def test_a_count_beyond_ten_years_stops_with_a_clear_error(office):
    with pytest.raises(NoWorkingTime, match=str(MAX_DAYS)):
        due_in_working_days(office, MONDAY, 100_000)


# --- Properties on random calendars -----------------------------------------------------------------

calendars, receipts = strategies.calendars(), strategies.receipts
day_counts, minute_counts = st.integers(0, 25), st.integers(1, 6_000)


def count_by(mode, calendar, received, number, pauses=()):
    """The due instant, or the end of time where the calendar has none left."""
    count = due_in_working_days if mode == "days" else due_in_working_minutes
    try:
        return count(calendar, received, number, pauses=pauses).due
    except NoWorkingTime:
        return datetime.max.replace(tzinfo=UTC)


@st.composite
def counts(draw):
    mode = draw(st.sampled_from(["days", "minutes"]))
    return mode, draw(day_counts if mode == "days" else minute_counts)


@st.composite
def clocks(draw):
    """A calendar, a receipt and up to four pauses around it."""
    received = draw(receipts)
    early = received - timedelta(days=3)
    return draw(calendars), received, draw(st.lists(strategies.pauses_after(early), max_size=4))


@given(clocks(), counts())
def test_property_1_due_lies_in_working_time_or_at_closing_time(clock, count):
    calendar, received, pauses = clock
    due = count_by(*[count[0], calendar, received, count[1], pauses])
    assume(due.year < 9999)
    day = calendar.day(calendar.local_date(due - timedelta(microseconds=1)))
    if count[0] == "days":
        assert due == day.closing
    assert any(opens < due <= closes for opens, closes in day.spans)


@given(clocks(), counts(), strategies.dates)
def test_property_2_one_more_holiday_never_makes_a_date_earlier(clock, count, on):
    calendar, received, pauses = clock
    mode, number = count
    before = count_by(mode, calendar, received, number, pauses)
    assert count_by(mode, strategies.with_holiday(calendar, on), received, number, pauses) >= before


@given(calendars, receipts, st.integers(0, 10 * 24 * 3600), counts(), st.data())
def test_property_3_a_later_receipt_never_gives_an_earlier_date(calendar, received, seconds, count, data):
    later = received + timedelta(seconds=seconds)
    pauses = data.draw(st.lists(strategies.pauses_after(later), max_size=3))
    mode, number = count
    first = count_by(mode, calendar, received, number, pauses)
    assert count_by(mode, calendar, later, number, pauses) >= first


@given(clocks(), counts(), st.integers(0, 60), st.booleans())
def test_property_6_a_pause_without_working_time_changes_nothing(clock, count, minutes, is_day_before):
    """The hardest place for it is the night that follows the due day."""
    calendar, received, pauses = clock
    mode, number = count
    due = count_by(mode, calendar, received, number, pauses)
    assume(due.year < 9999)
    day = calendar.day(calendar.local_date(due) - timedelta(days=is_day_before))
    assume(day.is_working)
    idle = Pause(day.closing, day.closing + timedelta(minutes=minutes))
    assume(calendar.working_time(idle.start, idle.end) == timedelta(0))
    assume(all(other.end < idle.start or other.start > idle.end for other in pauses))
    assert count_by(mode, calendar, received, number, [*pauses, idle]) == due


@given(clocks(), counts(), st.data())
def test_property_7_cutting_a_pause_into_adjacent_pieces_changes_nothing(clock, count, data):
    calendar, received, pauses = clock
    pieces = []
    for whole in pauses:
        share = data.draw(st.integers(0, 100))
        cut = whole.start + (whole.end - whole.start) * share / 100
        pieces += [Pause(cut, whole.end), Pause(whole.start, cut)]
    mode, number = count
    assert count_by(mode, calendar, received, number, pieces) == count_by(mode, calendar, received, number, pauses)


@given(strategies.even_calendars(), receipts, st.integers(1, 20))
def test_property_8_full_days_in_minutes_are_never_later_than_in_days(calendar, received, number):
    length = sum(window.closes - window.opens for window in next(iter(calendar.hours.hours.values())))
    in_days = count_by("days", calendar, received, number)
    assert count_by("minutes", calendar, received, number * length) <= in_days


@given(receipts, counts(), st.sampled_from(strategies.ZONES))
def test_property_12_a_calendar_that_never_opens_stops_with_an_error(received, count, zone):
    never = WorkingCalendar(hours=HoursProfile({}), zone=ZoneInfo(zone), week=frozenset())
    mode, number = count
    assert count_by(mode, never, received, number).year == 9999


@given(clocks(), day_counts)
def test_the_explanation_adds_up(clock, number):
    calendar, received, pauses = clock
    try:
        deadline = due_in_working_days(calendar, received, number, pauses=pauses)
    except NoWorkingTime:
        return
    numbers = [step.number for step in deadline.steps if step.number is not None]
    assert numbers == list(range(deadline.length + 1))
    assert deadline.length >= number + deadline.credit_days
    days = [step.day.on for step in deadline.steps]
    assert days == [days[0] + timedelta(days=each) for each in range(len(days))]
    assert days[-1] == calendar.local_date(deadline.due - timedelta(microseconds=1))

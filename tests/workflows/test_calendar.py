"""The calendar of one unit: which days it works, when it closes, and why not."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import strategies
from workflows.calendar import (
    DayReason,
    HoursProfile,
    Layer,
    LayerKind,
    NoWorkingTime,
    Season,
    Window,
    WorkingCalendar,
    tidy_windows,
)

WIB = ZoneInfo("Asia/Jakarta")
OFFICE = {weekday: (Window.parse("07:30", "12:00"), Window.parse("13:00", "16:00")) for weekday in range(4)}
OFFICE[4] = (Window.parse("07:30", "11:30"), Window.parse("13:00", "16:30"))
SHORT = {weekday: (Window.parse("08:00", "15:00"),) for weekday in range(5)}


def office(*layers, **options):
    options = {"hours": HoursProfile(OFFICE, source="regulation"), "zone": WIB} | options
    return WorkingCalendar(layers=layers, **options)


def layer(kind, *days, **options):
    return Layer(kind, {date.fromisoformat(day): f"name of {day}" for day in days}, **options)


def test_a_weekday_is_open_in_its_windows_and_closes_with_the_last():
    friday = office().day(date(2026, 5, 8))
    assert friday.is_working
    assert friday.opening == datetime(2026, 5, 8, 0, 30, tzinfo=UTC)
    assert friday.closing == datetime(2026, 5, 8, 9, 30, tzinfo=UTC)
    assert friday.working_time == timedelta(hours=7, minutes=30)
    assert (friday.reason, friday.source) == (DayReason.WORKING, "regulation")


def test_a_day_outside_the_week_is_off_and_names_the_document_of_the_week():
    saturday = office().day(date(2026, 5, 9))
    assert not saturday.is_working
    assert (saturday.reason, saturday.source) == (DayReason.DAY_OFF, "regulation")


def test_a_day_of_the_week_without_a_window_is_off():
    calendar = office(week=frozenset(range(6)))
    assert calendar.day(date(2026, 5, 9)).reason == DayReason.NO_HOURS


@pytest.mark.parametrize("kind", LayerKind)
def test_every_layer_closes_an_office_that_observes_joint_leave(kind):
    day = office(layer(kind, "2026-05-15", source="decree")).day(date(2026, 5, 15))
    assert not day.is_working
    assert (day.reason, day.name, day.source) == (DayReason(kind), "name of 2026-05-15", "decree")


def test_joint_leave_leaves_a_unit_open_that_works_on_it_and_is_still_named():
    day = office(layer(LayerKind.JOINT_LEAVE, "2026-05-15", source="decree"), joint_leave_observed=False).day(
        date(2026, 5, 15)
    )
    assert day.is_working
    assert (day.reason, day.source) == (DayReason.JOINT_LEAVE_WORKED, "decree")


def test_a_unit_that_works_on_joint_leave_still_keeps_a_national_holiday_on_the_same_day():
    layers = layer(LayerKind.JOINT_LEAVE, "2026-05-15"), layer(LayerKind.NATIONAL, "2026-05-15")
    assert office(*layers, joint_leave_observed=False).day(date(2026, 5, 15)).reason == DayReason.NATIONAL


def test_a_holiday_on_a_weekend_is_named_as_the_holiday():
    assert office(layer(LayerKind.LOCAL, "2026-05-09")).day(date(2026, 5, 9)).reason == DayReason.LOCAL


@pytest.mark.parametrize("order", [1, -1])
def test_the_national_layer_names_a_day_that_several_layers_close(order):
    layers = [
        layer(LayerKind.JOINT_LEAVE, "2026-05-15"),
        layer(LayerKind.NATIONAL, "2026-05-15", source="first"),
    ]
    day = office(*layers[::order]).day(date(2026, 5, 15))
    assert (day.reason, day.source) == (DayReason.NATIONAL, "first")


@pytest.mark.parametrize(("day", "closing_hour"), [(18, 9), (19, 8), (20, 8), (23, 9)])
def test_a_season_changes_hours_on_its_first_and_last_day_and_not_beside_them(day, closing_hour):
    season = Season("Ramadan", date(2026, 2, 19), date(2026, 2, 20), SHORT)
    calendar = office(hours=HoursProfile(OFFICE, (season,)))
    assert calendar.day(date(2026, 2, day)).closing.hour == closing_hour


def test_a_forecast_layer_makes_its_days_provisional():
    calendar = office(layer(LayerKind.NATIONAL, "2026-05-15", provisional=True))
    assert calendar.day(date(2026, 5, 15)).provisional
    assert not calendar.day(date(2026, 5, 18)).provisional


def test_a_firm_layer_stands_before_a_forecast_of_the_same_kind():
    layers = [
        layer(LayerKind.NATIONAL, "2026-05-15", provisional=True),
        layer(LayerKind.NATIONAL, "2026-05-15"),
    ]
    assert not office(*layers).day(date(2026, 5, 15)).provisional


def test_days_of_a_year_without_a_decree_are_marked():
    calendar = office(decreed_years=frozenset({2026}))
    assert calendar.day(date(2026, 5, 15)).decreed
    undecreed = calendar.day(date(2027, 5, 14))
    assert not undecreed.decreed
    assert undecreed.provisional


def test_the_units_zone_decides_the_date_of_an_instant():
    instant = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)
    assert office().local_date(instant) == date(2026, 3, 14)
    assert office(zone=ZoneInfo("UTC")).local_date(instant) == date(2026, 3, 13)


def test_office_hours_may_run_until_midnight_and_around_the_clock():
    always = {weekday: (Window.parse("00:00", "24:00"),) for weekday in range(7)}
    calendar = office(hours=HoursProfile(always), week=frozenset(range(7)))
    day = calendar.day(date(2026, 12, 31))
    assert day.closing == datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert day.working_time == timedelta(days=1)


@pytest.mark.parametrize(("opens", "closes"), [(480, 480), (600, 480), (-1, 10), (0, 1441)])
def test_a_window_that_does_not_open_before_it_closes_is_refused(opens, closes):
    with pytest.raises(ValueError, match="open before it closes"):
        Window(opens, closes)


def test_overlapping_and_touching_windows_become_one():
    assert tidy_windows([Window(60, 120), Window(0, 30), Window(110, 180), Window(180, 200)]) == (
        Window(0, 30),
        Window(60, 200),
    )


def test_a_year_with_every_day_off_has_no_working_time():
    every_day = {date(2026, 1, 1) + timedelta(days=number): "closed" for number in range(365)}
    calendar = office(Layer(LayerKind.CLOSURE, every_day))
    assert not calendar.has_working_time(2026)
    assert calendar.has_working_time(2027)
    with pytest.raises(NoWorkingTime, match="2026"):
        calendar.require_open_year(2026)


def test_working_time_leaves_out_breaks_nights_and_weekends():
    start = datetime(2026, 5, 8, 16, 0, tzinfo=WIB)
    end = datetime(2026, 5, 11, 8, 30, tzinfo=WIB)
    assert office().working_time(start, end) == timedelta(minutes=90)
    assert office().working_time(end, start) == timedelta(0)


def test_working_days_count_after_the_first_day_up_to_the_last():
    assert office().working_days(date(2026, 5, 8), date(2026, 5, 8)) == 0
    assert office().working_days(date(2026, 5, 8), date(2026, 5, 11)) == 1
    assert office().working_days(date(2026, 5, 8), date(2026, 5, 15)) == 5


@given(strategies.calendars(), st.lists(strategies.receipts, min_size=2, max_size=8))
def test_legs_sum_up_to_the_whole(calendar, instants):
    """Leg times plus the coordinator's times are the total: working time is additive."""
    instants.sort()
    legs = [calendar.working_time(start, end) for start, end in pairwise(instants)]
    assert sum(legs, timedelta(0)) == calendar.working_time(instants[0], instants[-1])


@given(strategies.calendars(), strategies.dates)
def test_a_working_day_is_in_the_week_and_in_no_applied_layer(calendar, on):
    applied = [each for each in calendar.layers if each.kind != LayerKind.JOINT_LEAVE or calendar.joint_leave_observed]
    expected = on.weekday() in calendar.week and not any(on in each.days for each in applied)
    season = calendar.hours.season_on(on)
    hours = season.hours if season else calendar.hours.hours
    assert calendar.day(on).is_working == (expected and bool(hours.get(on.weekday())))

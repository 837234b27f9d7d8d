"""Clocks, opening hours and tokens of devices: rules without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.clocks_offline import LARGEST_OFFSET, clock_offset, corrected, offset_seconds
from surveys.device_tokens import DeviceForm, device_token, new_secret, read_form, split_token
from surveys.kiosk_hours import faults_in, is_open, open_since
from surveys.offline_items import BadItem, moment, read_item
from surveys.tokens import BadToken, new_token

JAKARTA = ZoneInfo("Asia/Jakarta")
ISSUED = datetime(2026, 12, 31, 1, tzinfo=UTC)
KEY = "7d3c6a52-0f4e-4b8e-9b43-2f3f1d3f0a11"


# A day offline over the end of the year, and clocks that are wrong by up to sixty years.
waits = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=7))
errors = st.timedeltas(min_value=timedelta(days=-56 * 365), max_value=timedelta(days=60 * 365))


def on_device(moment, error):
    return moment + error


@given(answered=waits, more=waits, error=errors)
@example(answered=timedelta(hours=15, minutes=59), more=timedelta(hours=9), error=timedelta(days=-200))
def test_a_wrong_clock_never_moves_an_answer(answered, more, error):
    given_at = ISSUED + answered
    received = given_at + more
    offset = clock_offset(sent_at=on_device(received, error), received_at=received)
    found = corrected(on_device(given_at, error), offset=offset, issued_at=ISSUED, received_at=received)
    assert found == given_at
    assert found.astimezone(JAKARTA).date() == given_at.astimezone(JAKARTA).date()


@given(answered=waits, more=waits, error=errors, later_error=errors)
@example(answered=timedelta(hours=16), more=timedelta(hours=9), error=timedelta(days=-20000), later_error=timedelta())
def test_a_clock_set_right_in_between_does_not_either_while_the_page_lives(answered, more, error, later_error):
    given_at = ISSUED + answered
    received = given_at + more
    offset = clock_offset(sent_at=on_device(received, later_error), received_at=received)
    wall = on_device(given_at, error)
    found = corrected(wall, offset=offset, issued_at=ISSUED, received_at=received, age=more)
    # Set forward by less than the wait it looks like a device that slept; then it is an earlier moment, never a later.
    assert ISSUED <= found <= given_at
    if not ISSUED <= wall - offset <= given_at:
        assert found == given_at


@given(answered=waits, awake=waits, asleep=waits, error=errors)
def test_a_device_that_slept_is_corrected_by_its_wall_clock(answered, awake, asleep, error):
    given_at = ISSUED + answered
    received = given_at + awake + asleep
    offset = clock_offset(sent_at=on_device(received, error), received_at=received)
    found = corrected(on_device(given_at, error), offset=offset, issued_at=ISSUED, received_at=received, age=awake)
    assert found == given_at


@given(
    captured=st.datetimes(timezones=st.just(UTC)),
    sent=st.datetimes(timezones=st.just(UTC)),
    age=st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9000)),
)
def test_whatever_clocks_say_the_moment_lies_between_form_and_arrival(captured, sent, age):
    received = ISSUED + timedelta(days=3)
    offset = clock_offset(sent_at=sent, received_at=received)
    found = corrected(captured, offset=offset, issued_at=ISSUED, received_at=received, age=age)
    assert ISSUED <= found <= received
    assert abs(offset_seconds(offset)) <= LARGEST_OFFSET


def test_a_clock_that_started_at_zero_falls_back_to_the_form():
    received = ISSUED + timedelta(hours=30)
    power_cut = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    assert corrected(power_cut, offset=timedelta(), issued_at=ISSUED, received_at=received) == ISSUED


# --- Opening hours ------------------------------------------------------------------------------

WEEK = {"0": ["08:00", "15:00"], "4": ["08:00", "11:00"]}
MONDAY, FRIDAY, SUNDAY = (datetime(2024, 5, day, tzinfo=JAKARTA) for day in (6, 10, 12))


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (MONDAY, "07:59", False),
        (MONDAY, "08:00", True),
        (MONDAY, "14:59", True),
        (MONDAY, "15:00", False),
        (FRIDAY, "11:00", False),
        (SUNDAY, "09:00", False),
    ],
)
def test_a_kiosk_is_open_from_the_first_time_up_to_the_second(day, clock, expected):
    hour, minute = clock.split(":")
    assert is_open(WEEK, day.replace(hour=int(hour), minute=int(minute))) is expected


def test_hours_begin_the_silence_anew_each_day():
    assert open_since(WEEK, MONDAY.replace(hour=9)) == MONDAY.replace(hour=8)
    assert is_open({}, SUNDAY)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (WEEK, []),
        ({"7": ["08:00", "09:00"]}, ["7"]),
        ({"1": ["09:00", "08:00"]}, ["1"]),
        ({"1": ["09:00"]}, ["1"]),
        ({"1": None}, ["1"]),
    ],
)
def test_a_span_has_two_times_the_earlier_first(hours, expected):
    assert faults_in(hours) == expected


# --- Tokens and items ---------------------------------------------------------------------------


def test_a_form_token_comes_back_as_it_was():
    form = DeviceForm(7, 9, "kiosk", ISSUED)
    assert read_form(str(form)) == form


@pytest.mark.parametrize("forged", [None, 3, "", "abc", str(new_token(version_id=7, point_id=9, now=ISSUED))])
def test_no_other_token_is_taken_for_a_devices_form(forged):
    with pytest.raises(BadToken):
        read_form(forged)


def test_a_changed_form_token_is_refused():
    text = str(DeviceForm(7, 9, "kiosk", ISSUED))
    with pytest.raises(BadToken):
        read_form(("A" if text[0] != "A" else "B") + text[1:])


def test_a_device_token_names_its_device():
    secret = new_secret()
    assert split_token(device_token(12, secret)) == (12, secret)
    for broken in ("", "12", "x.y", "12.", f"{10**16}.y"):
        with pytest.raises(BadToken):
            split_token(broken)


def item(**changes):
    whole = {
        "key": KEY,
        "form": "text",
        "language": "jv",
        "captured_at": 1_800_000_000_000,
        "age": 1500,
        "seconds": 95,
        "service": "12",
        "fields": {"e_waktu": ["3"], "comment": "baik"},
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def test_an_item_is_read():
    found = read_item(item())
    assert (str(found.key), found.language, found.age, found.seconds) == (KEY, "jv", timedelta(seconds=1.5), 95)
    assert (found.service_id, found.fields) == (12, {"e_waktu": ["3"], "comment": ["baik"]})


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        item(key=...),
        item(key="x"),
        item(form=3),
        item(captured_at="today"),
        item(captured_at=float("nan")),
        item(captured_at=True),
        item(fields=...),
        item(fields={"a": 3}),
        item(fields={"a": ["x" * 30_000]}),
        item(fields={str(number): [] for number in range(300)}),
    ],
)
def test_what_is_no_answer_is_told(broken):
    with pytest.raises(BadItem):
        read_item(broken)


def test_odd_but_harmless_parts_are_put_right():
    found = read_item(item(language="xx", service="other", age=None, seconds=10**12, fields={"comment": ["a\ud800b"]}))
    assert (found.language, found.service_id, found.age, found.seconds) == ("id", None, None, 86_400)
    assert found.fields == {"comment": ["a?b"]}
    assert moment(10**30).year > 2900
    assert moment(-5).year == 1970

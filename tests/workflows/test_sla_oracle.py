"""The engine against a minute-by-minute oracle, against arrays, and the rules that hold whatever the calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.workflows import strategies
from tests.workflows.oracle import Oracle, OutOfReach
from workflows.calendar import Era, NoWorkingTime, WorkingCalendar
from workflows.counting import DueTable
from workflows.ladder import Moment, moment_of
from workflows.pauses import Move, pauses_from
from workflows.sla import Pause, due_in_working_days, due_in_working_minutes

START = datetime(2026, 1, 5, tzinfo=UTC)
minutes = st.integers(0, 40 * 24 * 60).map(lambda number: START + timedelta(minutes=number))
walking = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def clocks(draw):
    received = draw(minutes)
    early = received - timedelta(days=2)
    return draw(strategies.calendars()), received, draw(st.lists(strategies.pauses_after(early), max_size=3))


def expected(ask):
    try:
        return ask()
    except OutOfReach:
        assume(False)


@walking
@given(clocks(), st.integers(0, 15))
def test_the_oracle_agrees_in_working_days(clock, days):
    calendar, received, pauses = clock
    wanted = expected(lambda: Oracle(calendar, received, pauses).due_in_days(days))
    assert due_in_working_days(calendar, received, days, pauses=pauses).due == wanted


@walking
@given(clocks(), st.integers(1, 4000))
def test_the_oracle_agrees_in_working_minutes(clock, number):
    calendar, received, pauses = clock
    wanted = expected(lambda: Oracle(calendar, received, pauses).due_in_minutes(number))
    assert due_in_working_minutes(calendar, received, number, pauses=pauses).due == wanted


@settings(max_examples=60)
@given(strategies.calendars(), st.lists(strategies.receipts, min_size=1, max_size=5), st.integers(0, 30))
def test_counting_by_arrays_gives_what_the_full_count_gives(calendar, receipts, days):
    table = DueTable(calendar)
    for received in receipts:
        try:
            wanted = due_in_working_days(calendar, received, days).due
        except NoWorkingTime:
            wanted = None
        assert table.due(received, days=days) == wanted


@settings(max_examples=60)
@given(clocks(), st.lists(st.integers(0, 20_000), min_size=1, max_size=5))
def test_property_4_legs_and_desk_together_are_all_working_time_without_the_citizens(clock, cuts):
    """Whoever holds the case, the working time adds up to the whole minus the pauses."""
    calendar, received, pauses = clock
    edges = [received, *sorted(received + timedelta(minutes=cut) for cut in cuts)]
    whole = calendar.working_time(edges[0], edges[-1])
    waited = _merged(
        Pause(max(p.start, edges[0]), max(edges[0], min(p.end, edges[-1]))) for p in pauses if p.start < edges[-1]
    )
    citizens = sum((calendar.working_time(p.start, p.end) for p in waited), timedelta(0))
    shares = timedelta(0)
    for start, end in pairwise(edges):
        held = calendar.working_time(start, end)
        inside = ((max(p.start, start), min(p.end, end)) for p in waited)
        shares += held - sum((calendar.working_time(a, b) for a, b in inside if a < b), timedelta(0))
    assert shares == whole - citizens


def _merged(pauses):
    found = []
    for pause in sorted(pauses, key=lambda p: (p.start, p.end)):
        if found and pause.start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return found


@settings(max_examples=60)
@given(clocks(), st.integers(0, 15), st.randoms())
def test_properties_5_and_9_replaying_events_gives_the_date_whatever_stands_between_them(clock, days, dice):
    """A tag, a note or a forwarding between two clock events changes nothing."""
    calendar, received, pauses = clock
    waits = [pause for pause in _merged(pauses) if pause.start >= received and pause.end > pause.start]
    moves = [
        move for p in waits for move in (Move(p.start, "verified", "needs_info"), Move(p.end, "needs_info", "verified"))
    ]
    noise = [Move(received + timedelta(hours=n), "verified", "verified") for n in range(dice.randint(0, 5))]
    replayed = list(pauses_from(sorted([*moves, *noise], key=lambda move: move.at), received))
    try:
        wanted = due_in_working_days(calendar, received, days, pauses=waits).due
    except NoWorkingTime:
        return
    assert due_in_working_days(calendar, received, days, pauses=replayed).due == wanted


@settings(max_examples=40)
@given(clocks(), st.integers(0, 15), st.sampled_from(["UTC", "Asia/Jayapura", "America/Lima"]))
def test_property_10_the_zone_an_instant_is_written_in_changes_nothing(clock, days, zone):
    calendar, received, pauses = clock
    there = ZoneInfo(zone)
    moved = [Pause(p.start.astimezone(there), p.end.astimezone(there)) for p in pauses]
    try:
        wanted = due_in_working_days(calendar, received, days, pauses=pauses)
    except NoWorkingTime:
        return
    found = due_in_working_days(calendar, received.astimezone(there), days, pauses=moved)
    assert (found.due, found.steps) == (wanted.due, wanted.steps)


@settings(max_examples=40)
@given(strategies.calendars(), strategies.receipts, st.integers(1, 15), st.sampled_from(Moment), st.integers(0, 5))
def test_a_reminder_goes_out_at_an_opening_time_after_receipt(calendar, received, days, kind, number):
    try:
        deadline = due_in_working_days(calendar, received, days)
        at = moment_of(kind, number * 20 if kind == Moment.PERCENT else number, deadline, calendar)
    except NoWorkingTime:
        return
    if at is not None and at != deadline.received:
        assert at == calendar.day(calendar.local_date(at)).opening
    assert at is None or at >= deadline.received


@settings(max_examples=40)
@given(strategies.calendars(), strategies.calendars(), strategies.dates, strategies.dates)
def test_hours_that_change_on_a_day_leave_the_days_before_it_alone(before, after, first, on):
    era = Era(first, after.hours, after.week, after.joint_leave_observed)
    same = {"zone": before.zone, "layers": before.layers}
    base = {"hours": before.hours, "week": before.week, "joint_leave_observed": before.joint_leave_observed}
    later = {"hours": after.hours, "week": after.week, "joint_leave_observed": after.joint_leave_observed}
    changing = WorkingCalendar(**base, **same, eras=(era,))
    wanted = WorkingCalendar(**(later if on >= first else base), **same)
    assert changing.day(on) == wanted.day(on)

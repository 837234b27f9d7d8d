"""Random but valid calendars, receipts and pauses for property tests."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from workflows.calendar import HoursProfile, Layer, LayerKind, Season, Window, WorkingCalendar, tidy_windows
from workflows.sla import Pause

# No test depends on how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
FIRST = date(2026, 1, 1)
START = datetime(2026, 1, 5, tzinfo=UTC)

dates = st.integers(0, 150).map(lambda days: FIRST + timedelta(days=days))
receipts = st.integers(0, 60 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def windows(draw):
    edges = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True))
    edges = sorted(edges[: len(edges) // 2 * 2])
    return tidy_windows(Window(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def weeks(draw):
    """Hours of at least one weekday."""
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    return {weekday: draw(windows()) for weekday in weekdays}


@st.composite
def seasons(draw, hours):
    first = draw(dates)
    last = first + timedelta(days=draw(st.integers(0, 40)))
    return Season("season", first, last, {weekday: draw(windows()) for weekday in hours})


layers = st.builds(
    Layer,
    kind=st.sampled_from(LayerKind),
    days=st.dictionaries(dates, st.just("holiday"), max_size=12),
    source=st.just("decree"),
    provisional=st.booleans(),
)


@st.composite
def calendars(draw):
    hours = draw(weeks())
    profile = HoursProfile(hours, tuple(draw(st.lists(seasons(hours), max_size=1))))
    return WorkingCalendar(
        hours=profile,
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        week=frozenset(hours),
        layers=tuple(draw(st.lists(layers, max_size=3))),
        joint_leave_observed=draw(st.booleans()),
    )


@st.composite
def even_calendars(draw):
    """Every working day is equally long."""
    same = draw(windows())
    week = frozenset(draw(st.sets(st.integers(0, 6), min_size=1)))
    profile = HoursProfile(dict.fromkeys(week, same))
    layer = Layer(LayerKind.NATIONAL, draw(st.dictionaries(dates, st.just("x"), max_size=10)))
    return WorkingCalendar(hours=profile, zone=ZoneInfo("Asia/Jakarta"), week=week, layers=(layer,))


@st.composite
def pauses_after(draw, earliest):
    start = earliest + timedelta(minutes=draw(st.integers(0, 20_000)))
    return Pause(start, start + timedelta(minutes=draw(st.integers(0, 10_000))))


def with_holiday(calendar, on):
    layer = Layer(LayerKind.NATIONAL, {on: "one more"})
    return WorkingCalendar(
        hours=calendar.hours,
        zone=calendar.zone,
        week=calendar.week,
        layers=(*calendar.layers, layer),
        joint_leave_observed=calendar.joint_leave_observed,
    )

"""When is an office open? Working days, hours and closing times of one unit.

Covers: the unit's week, windows of office hours with seasons (Ramadan), layers of closed days with the
document each rests on, joint leave as a habit of the unit, the unit's time zone, and years whose decree is
not known yet. Hours of reference: Presidential Regulation 21/2023; closed days: the yearly joint decree of
three ministers, letters of a governor or regent, ad-hoc closure.

Leaves out: counting (see `sla`), where layers are stored and which version was known when (see
`selectors.calendars`). Nothing here reads the clock, a database or a setting.

Instants are kept in UTC, because only there may two instants be compared and subtracted whatever the zone does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_A_DAY = 24 * 60
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)

Span = tuple[datetime, datetime]


class NoWorkingTime(Exception):
    """The calendar never opens, or not within the days a calculation may walk."""

    code = "no_working_time"


class LayerKind(StrEnum):
    """Layers that close an office. Seasons (Ramadan) change hours and are no layer of closed days."""

    NATIONAL = "national"
    JOINT_LEAVE = "joint_leave"
    LOCAL = "local"
    CLOSURE = "closure"


class DayReason(StrEnum):
    """Why a day is open or shut."""

    WORKING = "working"
    SEASON = "season"
    JOINT_LEAVE_WORKED = "joint_leave_worked"
    DAY_OFF = "day_off"
    NO_HOURS = "no_hours"
    NATIONAL = "national"
    JOINT_LEAVE = "joint_leave"
    LOCAL = "local"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Office hours from `opens` to `closes`, in minutes after local midnight (0 to 1440)."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_OF_A_DAY:
            raise ValueError(f"a window must open before it closes, within one day: {self.opens}-{self.closes}")

    @classmethod
    def parse(cls, opens: str, closes: str) -> "Window":
        """Read "07:30" and "16:00"; a window may close at "24:00"."""
        return cls(_minutes(opens), _minutes(closes))


@dataclass(frozen=True, slots=True)
class Season:
    """Hours that replace the normal week from `first` to `last`, both included."""

    name: str
    first: date
    last: date
    hours: Mapping[int, tuple[Window, ...]]
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class HoursProfile:
    """Windows by weekday (0 = Monday), the seasons in which others apply, and the document behind them."""

    hours: Mapping[int, tuple[Window, ...]]
    seasons: tuple[Season, ...] = ()
    source: str = ""

    def season_on(self, on: date) -> Season | None:
        return next((season for season in self.seasons if season.first <= on <= season.last), None)


@dataclass(frozen=True, slots=True)
class Era:
    """What holds from a day on, until the next era: other hours, another week, another habit on joint leave."""

    first: date
    hours: HoursProfile
    week: frozenset[int]
    joint_leave_observed: bool = True


@dataclass(frozen=True, slots=True)
class Layer:
    """Days closed by one source document. `days` maps each day to its name."""

    kind: LayerKind
    days: Mapping[date, str]
    source: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar knows about one day. `spans` are its office hours in UTC, empty when shut."""

    on: date
    spans: tuple[Span, ...]
    reason: DayReason
    name: str = ""
    source: str = ""
    provisional: bool = False
    decreed: bool = True
    working_time: timedelta = NOTHING

    @property
    def is_working(self) -> bool:
        return bool(self.spans)

    @property
    def opening(self) -> datetime:
        return self.spans[0][0]

    @property
    def closing(self) -> datetime:
        return self.spans[-1][1]


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """The calendar of one unit; answers are kept, so one object serves many deadlines.

    `hours`, `week` and `joint_leave_observed` hold until the first of `eras`, which come in order of their first day.
    `decreed_years` are the years whose joint decree is loaded; None means that nobody keeps track.
    """

    hours: HoursProfile
    zone: ZoneInfo
    week: frozenset[int] = frozenset(range(5))
    layers: tuple[Layer, ...] = ()
    joint_leave_observed: bool = True
    decreed_years: frozenset[int] | None = None
    eras: tuple[Era, ...] = ()
    _closed: dict[date, tuple[Layer, str]] = field(init=False, repr=False, default_factory=dict)
    _leave: dict[date, tuple[Layer, str]] = field(init=False, repr=False, default_factory=dict)
    _days: dict[date, Day] = field(init=False, repr=False, default_factory=dict)
    _open_years: set[int] = field(init=False, repr=False, default_factory=set)

    def __post_init__(self) -> None:
        for layer in self.layers:
            index = self._leave if layer.kind == LayerKind.JOINT_LEAVE else self._closed
            for on, name in layer.days.items():
                index[on] = min(index.get(on, (layer, name)), (layer, name), key=_rank)

    def day(self, on: date) -> Day:
        """Tell whether the unit works on this day, with the reason and its source."""
        known = self._days.get(on)
        if known is None:
            known = self._days[on] = self._judge(on)
        return known

    def local_date(self, at: datetime) -> date:
        """The unit's date at an instant; neither the server's nor the viewer's."""
        return at.astimezone(self.zone).date()

    def require_open_year(self, year: int) -> None:
        """Raise NoWorkingTime when every day of the year is off."""
        if year in self._open_years:
            return
        if not self.has_working_time(year):
            raise NoWorkingTime(f"the calendar has no working time in {year}")
        self._open_years.add(year)

    def has_working_time(self, year: int) -> bool:
        first = date(year, 1, 1).toordinal()
        days_of_year = date(year, 12, 31).toordinal() - first + 1
        return any(self.day(date.fromordinal(first + number)).is_working for number in range(days_of_year))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Office time between two instants; additive, so legs sum up to the whole."""
        total, on, last = NOTHING, self.local_date(start), self.local_date(end)
        while on <= last:
            total += overlap(self.day(on).spans, start, end)
            on += ONE_DAY
        return total

    def working_days(self, after: date, until: date) -> int:
        """Number of working days after one day, up to and including another."""
        first, last = after.toordinal() + 1, until.toordinal()
        return sum(self.day(date.fromordinal(number)).is_working for number in range(first, last + 1))

    def _rule_on(self, on: date) -> "WorkingCalendar | Era":
        return next((era for era in reversed(self.eras) if era.first <= on), self)

    def _closed_by(self, on: date, leave_observed: bool) -> tuple[Layer, str] | None:
        entries = [index[on] for index in (self._closed, self._leave if leave_observed else {}) if on in index]
        return min(entries, key=_rank, default=None)

    def _judge(self, on: date) -> Day:
        rule, decreed = self._rule_on(on), self.decreed_years is None or on.year in self.decreed_years
        if closed := self._closed_by(on, rule.joint_leave_observed):
            layer, name = closed
            return Day(on, (), DayReason(layer.kind), name, layer.source, layer.provisional or not decreed, decreed)
        if on.weekday() not in rule.week:
            return Day(on, (), DayReason.DAY_OFF, source=rule.hours.source, provisional=not decreed, decreed=decreed)
        return self._open_day(on, rule.hours, decreed)

    def _open_day(self, on: date, profile: HoursProfile, decreed: bool) -> Day:
        season = profile.season_on(on)
        hours = season.hours if season else profile.hours
        spans = tuple(self._span(on, window) for window in hours.get(on.weekday(), ()))
        reason, name, source = self._open_reason(on, season, profile)
        provisional = not decreed or bool(season and season.provisional)
        if not spans:
            reason = DayReason.NO_HOURS
        worked = sum((closes - opens for opens, closes in spans), NOTHING)
        return Day(on, spans, reason, name, source, provisional, decreed, worked)

    def _open_reason(self, on: date, season: Season | None, profile: HoursProfile) -> tuple[DayReason, str, str]:
        if on in self._leave:
            layer, name = self._leave[on]
            return DayReason.JOINT_LEAVE_WORKED, name, layer.source
        if season:
            return DayReason.SEASON, season.name, season.source
        return DayReason.WORKING, "", profile.source

    def _span(self, on: date, window: Window) -> Span:
        return self._instant(on, window.opens), self._instant(on, window.closes)

    def _instant(self, on: date, minutes: int) -> datetime:
        if minutes == MINUTES_OF_A_DAY:
            return datetime.combine(on + ONE_DAY, time(), self.zone).astimezone(UTC)
        return datetime.combine(on, time(*divmod(minutes, 60)), self.zone).astimezone(UTC)


def tidy_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Sort windows and join those that overlap or touch, so that no minute counts twice."""
    tidy: list[Window] = []
    for window in sorted(windows):
        if tidy and window.opens <= tidy[-1].closes:
            tidy[-1] = Window(tidy[-1].opens, max(tidy[-1].closes, window.closes))
            continue
        tidy.append(window)
    return tuple(tidy)


def overlap(spans: Iterable[Span], start: datetime, end: datetime) -> timedelta:
    """Time of the spans that lies in [start, end)."""
    pieces = (min(closes, end) - max(opens, start) for opens, closes in spans)
    return sum((piece for piece in pieces if piece > NOTHING), NOTHING)


def _minutes(text: str) -> int:
    if text == "24:00":
        return MINUTES_OF_A_DAY
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


def _rank(entry: tuple[Layer, str]) -> int:
    """A national holiday names the day even where joint leave or a local letter repeats it; firm before forecast."""
    return list(LayerKind).index(entry[0].kind) * 2 + entry[0].provisional

"""The calendar of an agency, built from its layers and office hours, as known now or on an earlier day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core.models import Agency
from workflows.calendar import Layer, LayerKind, WorkingCalendar
from workflows.models import CalendarDay, CalendarLayer, CalendarRevision
from workflows.selectors.hours import eras_of

# Zone of a calendar without an agency: that of the joint decree's authors.
NATIONAL_ZONE = ZoneInfo("Asia/Jakarta")
KEPT_CALENDARS = 500


class CalendarVersion(NamedTuple):
    """Version 0 has no revision: no calendar was ever loaded."""

    number: int
    token: UUID | None


# Building a calendar costs four queries and judging its days more; a process keeps what it built until the
# version moves on. The token keeps calendars of another database (tests, a restored copy) apart.
_kept: dict[tuple, WorkingCalendar] = {}


def calendar_version() -> CalendarVersion:
    """The version deadlines are computed under, to be stored beside them (one query)."""
    latest = CalendarRevision.objects.order_by("-pk").values_list("pk", "token").first()
    return CalendarVersion(*latest) if latest else CalendarVersion(0, None)


def calendar_for(
    agency: Agency | None = None, *, known_on: date | None = None, version: CalendarVersion | None = None
) -> WorkingCalendar:
    """The agency's working calendar; without an agency the national five-day calendar of WIB.

    `known_on` tells it as it was known on that day, None as it is known now. Pass `version` when many
    calendars are needed in one go; a calendar already built then costs no query.
    """
    key = (version or calendar_version(), _traits(agency), known_on)
    calendar = _kept.get(key)
    if calendar is None:
        calendar = build_calendar(agency, known_on=known_on)
        _keep(key, calendar)
    return calendar


def build_calendar(agency: Agency | None, *, known_on: date | None = None) -> WorkingCalendar:
    """Build the calendar from the database, whatever is kept (five queries).

    Raises WorkingHours.DoesNotExist when no office hours are loaded for the agency.
    """
    layers = list(CalendarLayer.objects.applying_to(agency).known_on(known_on))
    base, *eras = eras_of(agency, layers)
    return WorkingCalendar(
        hours=base.hours,
        zone=agency.region.zone if agency else NATIONAL_ZONE,
        week=base.week,
        layers=_closing_layers(layers, known_on),
        joint_leave_observed=base.joint_leave_observed,
        decreed_years=frozenset(layer.year for layer in layers if layer.kind == CalendarLayer.Kind.NATIONAL),
        eras=tuple(eras),
    )


def _traits(agency: Agency | None) -> tuple:
    """All of an agency that shapes its calendar: units that share it share the calendar."""
    if agency is None:
        return ()
    zone = agency.region.time_zone
    return agency.region_id, agency.path, agency.working_week, agency.joint_leave_observed, zone


def _keep(key: tuple, calendar: WorkingCalendar) -> None:
    if len(_kept) >= KEPT_CALENDARS or any(kept[0] != key[0] for kept in _kept):
        _kept.clear()
    _kept[key] = calendar


def _closing_layers(layers: Iterable[CalendarLayer], known_on: date | None) -> tuple[Layer, ...]:
    """One pure layer per document, because a later decree may have added some of the days."""
    closing = {layer.pk: layer for layer in layers if layer.kind in set(LayerKind)}
    days: dict[tuple[int, str], dict[date, str]] = defaultdict(dict)
    rows = CalendarDay.objects.known_on(known_on).filter(layer__in=list(closing))
    for layer_id, on, name, added_by in rows.values_list("layer_id", "on", "name", "added_by"):
        days[layer_id, added_by or closing[layer_id].source][on] = name
    return tuple(
        Layer(LayerKind(closing[layer_id].kind), named, source, closing[layer_id].provisional)
        for (layer_id, source), named in days.items()
    )

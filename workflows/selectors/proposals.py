"""A proposed change of the calendars in words, and the open cases it moves, as far as a person may see them."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.models import Agency, Region, User
from workflows.decrees import REMOVE
from workflows.models import CalendarLayer, CalendarProposal, Complaint, SlaPolicy, WorkingWindow

Kind = CalendarProposal.Kind
CASE, CLOCK, AGENCY, BEFORE, AFTER, PROMISE = range(6)


class Moved(NamedTuple):
    """One clock of a case the person may see."""

    case: Complaint
    clock: str
    agency: Agency | None
    before: datetime | None
    after: datetime | None
    promise: datetime | None

    @property
    def is_kept(self) -> bool:
        return self.promise != self.after


def moves_on_page(proposal: CalendarProposal, user: User, number: int) -> list[Moved]:
    """The moves of one stored page whose cases the person may see (three queries)."""
    page = proposal.pages.filter(number=number).first()
    rows: list[list[Any]] = page.moves if page else []
    cases = Complaint.objects.visible_to(user).select_related("region").defer("body")
    visible = cases.in_bulk({row[CASE] for row in rows})
    agencies = Agency.objects.in_bulk({row[AGENCY] for row in rows if row[AGENCY]})
    clocks = dict(SlaPolicy.Clock.choices)
    return [
        Moved(
            visible[row[CASE]],
            str(clocks.get(row[CLOCK], row[CLOCK])),
            agencies.get(row[AGENCY]),
            *(datetime.fromisoformat(at) if at else None for at in row[BEFORE:]),
        )
        for row in rows
        if row[CASE] in visible
    ]


def moved_by_agency(proposal: CalendarProposal) -> list[tuple[Agency | None, int]]:
    """How many clocks of each agency move; None stands for the complaint desk."""
    counts = {int(pk): number for pk, number in proposal.summary.get("by_agency", {}).items()}
    agencies = Agency.objects.in_bulk([pk for pk in counts if pk])
    return [(agencies.get(pk), number) for pk, number in counts.items()]


def change_in_words(proposal: CalendarProposal) -> list[str]:
    """What would be written, a line per fact."""
    content = proposal.content
    if proposal.kind == Kind.DAYS:
        return [_day_in_words(row) for row in content.get("days", [])]
    if proposal.kind == Kind.RAMADAN:
        return [_("Ramadan hours from %(first)s to %(last)s") % {n: _date(content[n]) for n in ("first", "last")}]
    if proposal.kind == Kind.ZONE:
        names = dict(Region.ZONES)
        return [f"{names[content['before']]} → {names[content['after']]}"]
    since = _("Valid from %(day)s") % {"day": _date(content["valid_from"])}
    week = str(dict(Agency.WorkingWeek.choices)[content["working_week"]])
    if proposal.kind == Kind.WEEK:
        leave = _("closed on joint leave") if content["joint_leave_observed"] else _("works on joint leave")
        agency = Agency.objects.filter(pk=content["agency"]).first()
        return [since, f"{agency}: {week}, {leave}"]
    return [since, week, *(_window_in_words(row) for row in content["windows"])]


def _day_in_words(row: dict[str, str]) -> str:
    kind = str(dict(CalendarLayer.Kind.choices)[row["kind"]])
    words = _("removed: %(day)s %(name)s (%(kind)s)") if row["change"] == REMOVE else _("%(day)s %(name)s (%(kind)s)")
    return words % {"day": _date(row["on"]), "name": row["name"], "kind": kind}


def _window_in_words(row: dict[str, Any]) -> str:
    season = str(WorkingWindow.Season(row["season"]).label)
    weekday = str(WorkingWindow.Weekday(row["weekday"]).label)
    return f"{season}, {weekday}: {row['opens']}–{row['closes']}"


def _date(text: str) -> str:
    return date_format(date.fromisoformat(text), "l, j F Y")

"""Why this date? A deadline told day by day, in words and with the document behind each day."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.calendar import DayReason
from workflows.sla import Deadline, Role, Step

REASONS = {
    DayReason.WORKING: gettext_lazy("Working day"),
    DayReason.SEASON: gettext_lazy("Working day with other hours"),
    DayReason.JOINT_LEAVE_WORKED: gettext_lazy("Joint leave, this unit works"),
    DayReason.DAY_OFF: gettext_lazy("Not in the working week"),
    DayReason.NO_HOURS: gettext_lazy("No office hours"),
    DayReason.NATIONAL: gettext_lazy("National holiday"),
    DayReason.JOINT_LEAVE: gettext_lazy("Joint leave"),
    DayReason.LOCAL: gettext_lazy("Local holiday"),
    DayReason.CLOSURE: gettext_lazy("Office closed"),
}


class ExplainedDay(NamedTuple):
    """One day in words. `opens` and `closes` are local and None when the office is shut."""

    on: date
    weekday: str
    role: Role
    part: str
    reason: DayReason
    reason_text: str
    name: str
    source: str
    number: int | None
    opens: datetime | None
    closes: datetime | None
    paused_minutes: int
    provisional: bool


def explain(deadline: Deadline) -> list[ExplainedDay]:
    """Every day from receipt to the due day with its part in the count."""
    return [_explained(step, deadline) for step in deadline.steps]


def cautions(deadline: Deadline) -> list[str]:
    """What a reader must know before trusting the date: missing decrees first, then forecasts."""
    years = ", ".join(str(year) for year in deadline.years_without_decree)
    if years:
        text = _("WARNING: no joint decree is loaded for %(years)s. Holidays of that time are not counted.")
        return [text % {"years": years}]
    if deadline.provisional:
        return [_("Some days on the way are provisional; the date may still move.")]
    return []


def _explained(step: Step, deadline: Deadline) -> ExplainedDay:
    day, zone = step.day, deadline.due.tzinfo
    return ExplainedDay(
        on=day.on,
        weekday=date_format(day.on, "l"),
        role=step.role,
        part=_part(step),
        reason=day.reason,
        reason_text=str(REASONS[day.reason]),
        name=day.name,
        source=day.source,
        number=step.number,
        opens=day.opening.astimezone(zone) if day.is_working else None,
        closes=day.closing.astimezone(zone) if day.is_working else None,
        paused_minutes=int(step.paused.total_seconds() // 60),
        provisional=day.provisional,
    )


def _part(step: Step) -> str:
    if step.role is Role.SKIPPED:
        return _("not counted")
    if step.role is Role.AFTER_CLOSING:
        return _("arrived after closing time")
    return _("day %(number)d") % {"number": step.number}

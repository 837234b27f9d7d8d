"""The nightly check: count every running clock again and raise an alarm where what is stored differs.

What is stored is a cache; events, limit and calendar are the truth. Clocks that wait to be dated under a newer calendar
are left to ``redating``.
"""

import logging
from datetime import datetime
from typing import Any

from core import notifications
from core.models import User
from core.permissions import Role
from workflows.models import Complaint, ComplaintEvent, DeadlineCheck
from workflows.moments import utc_text
from workflows.selectors.calendars import calendar_version
from workflows.selectors.redating import Dated, Tables, as_running, pauses_of_open_cases, redated, running_clocks
from workflows.services.clocks import Clock
from workflows.states import Action

logger = logging.getLogger(__name__)
EXAMPLES = 20


def verify_deadlines(now: datetime) -> DeadlineCheck:
    """Compare the cached dates of all running clocks with a new count, keep the result, and tell who must know."""
    found, checked = [], 0
    rows = running_clocks().filter(calendar_version=calendar_version().number)
    for dated in redated(as_running(rows), Tables(), pauses_of_open_cases()):
        checked += 1
        if problem := _problem(dated):
            found.append(problem)
    found += _unlike_lists()
    check = DeadlineCheck.objects.create(
        at=now, checked=checked, differences=len(found), examples=_named(found[:EXAMPLES])
    )
    if found:
        _raise_alarm(check)
    return check


def _problem(dated: Dated) -> dict[str, Any] | None:
    """A count that came out otherwise, or a promise that nothing recorded explains."""
    clock = dated.clock
    if dated.is_moved:
        return _difference(clock.complaint, clock.kind, clock.counted, dated.counted)
    if clock.due_at != clock.counted and clock.due_at != _promised_by_events(dated):
        return _difference(clock.complaint, clock.kind, clock.due_at, clock.counted)
    return None


def _promised_by_events(dated: Dated) -> datetime | None:
    """The latest promise a change of the calendars left, if nobody has decided otherwise since."""
    decided = (Action.RECLASSIFIED, Action.REBASED)
    events = ComplaintEvent.objects.filter(complaint=dated.clock.complaint, at__gte=dated.clock.started_at)
    latest = None
    for action, data in events.order_by("sequence").values_list("action", "data"):
        move = data.get("moves", {}).get(dated.clock.kind) if action == Action.CALENDAR_CHANGED else None
        if move and move["promise"]:
            latest = datetime.fromisoformat(move["promise"])
        elif action in decided:
            latest = None
    return latest


def _unlike_lists() -> list[dict[str, Any]]:
    """Cases whose list shows another date than their clock."""
    rows = Complaint.objects.filter(clocks__stopped_at__isnull=True, clocks__kind=Clock.TOTAL)
    rows = rows.order_by("pk").values_list("pk", "due_at", "clocks__due_at")
    return [_difference(pk, "list", shown, due) for pk, shown, due in rows.iterator() if shown != due]


def _difference(complaint: int, kind: str, stored: datetime | None, counted: datetime | None) -> dict[str, Any]:
    return {"case": complaint, "clock": kind, "stored": utc_text(stored), "counted": utc_text(counted)}


def _named(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    references = dict(Complaint.objects.filter(pk__in=[each["case"] for each in found]).values_list("pk", "reference"))
    return [each | {"case": references.get(each["case"], each["case"])} for each in found]


def _raise_alarm(check: DeadlineCheck) -> None:
    """In the log for whoever runs the server, and by mail to the administrators, once a day."""
    logger.error("Deadlines differ from a new count: %s of %s", check.differences, check.checked)
    admins = User.objects.filter(is_active=True, role_assignments__role=Role.REGIONAL_ADMIN).exclude(email="")
    notifications.post(
        notifications.letter(
            "deadline_alarm",
            to=user.email,
            dedupe_key=f"deadline_alarm:{user.pk}:{check.at:%Y-%m-%d}",
            context={"number": check.differences, "checked": check.checked},
        )
        for user in admins.distinct()
    )

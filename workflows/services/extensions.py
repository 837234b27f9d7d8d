"""Extend the date of an answer, once, as a promise: with a reason, an approver, and a letter to the reporter.

The extra working days count from the same day 0. An extension after the date has passed gives the reporter a new date
and leaves the case late.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import User
from workflows.acts import Act
from workflows.models import ClockCycle, Complaint
from workflows.moments import day_text, utc_text
from workflows.services import clocks, notices
from workflows.services.clocks import Clock
from workflows.services.steps import begin_act, record, require_words
from workflows.states import Action, Status

MOST_DAYS = 60


@transaction.atomic
def extend_deadline(
    *,
    complaint_id: int,
    actor: User,
    days: int,
    reason: str,
    appeal_contact: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Add working days to the citizen's clock; ``actor`` is the approver. The letter becomes a public message.

    Raises ``PermissionDenied``, ``MoveNotAllowed``, or ``ValidationError`` for a second extension, a clock that does
    not run or counts no days, or a letter without reason or contact.
    """
    require_words("reason", reason)
    require_words("appeal_contact", appeal_contact, minimum=5)
    step = begin_act(Act.EXTEND, complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    clock = _extendable(complaint, days)
    before = clock.due_at
    clocks.extend(complaint, clock, days, step.at)
    if complaint.status != Status.NEEDS_INFO:
        clocks.set_next_due(complaint)
    letter = letter_of(complaint, actor, before, clock.due_at, reason.strip(), appeal_contact.strip())
    moved: dict[str, Any] = {
        "days": days,
        "from": utc_text(before),
        "to": utc_text(clock.due_at),
        "late": clock.is_breached,
    }
    event = record(step, Action.EXTENDED, words=letter, **moved)
    notices.tell_reporter(event, "complaint_extended", due=day_text(clock.due_at, complaint.region.zone))
    return complaint


def _extendable(complaint: Complaint, days: int) -> ClockCycle:
    clock = next((row for row in clocks.running(complaint) if row.kind == Clock.TOTAL), None)
    if clock is None or clock.due_at is None:
        raise ValidationError(_("No deadline is running that could be extended."), code="no_clock")
    if clock.extension_days:
        raise ValidationError(
            _("The deadline of this case was extended before; a second time is not possible."), "twice"
        )
    if clock.policy is None or not clock.policy.days:
        raise ValidationError(_("A limit in hours cannot be extended."), code="hours")
    if not 1 <= days <= MOST_DAYS:
        message = _("Between 1 and %(most)d working days.") % {"most": MOST_DAYS}
        raise ValidationError({"days": message}, code="invalid")
    return clock


def letter_of(  # noqa: PLR0917  the slots of a letter
    complaint: Complaint, approver: User, before: datetime | None, after: datetime | None, reason: str, contact: str
) -> str:
    """What the reporter reads, in the language the case was filed in."""
    reporter = getattr(complaint, "reporter", None)
    with override(reporter.language if reporter else "id"):
        office = complaint.current_agency or approver.agency
        lines = [
            _("We need more time for your report %(reference)s.") % {"reference": complaint.reference},
            _("It was to be answered by %(before)s. The new date is %(after)s.")
            % {"before": _long(before, complaint), "after": _long(after, complaint)},
            _("The reason: %(reason)s") % {"reason": reason},
            _("Approved by %(name)s, %(office)s.") % {"name": str(approver), "office": office or ""},
            _("If you do not agree, contact: %(contact)s") % {"contact": contact},
        ]
        return "\n".join(lines)


def _long(at: datetime | None, complaint: Complaint) -> str:
    return date_format(at.astimezone(complaint.region.zone), "l, j F Y") if at else ""

"""Moves of the agency that holds the case: accept, return, hold, resume, answer."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import User
from workflows.models import Complaint, ComplaintEvent, PendingUpload
from workflows.services import clocks, legs, notices, parts
from workflows.services.arbiter import tell_arbiter
from workflows.services.clocks import Clock
from workflows.services.files import attach
from workflows.services.steps import begin, record, require_reason, require_words
from workflows.states import RETURNS_BEFORE_ARBITER, Action


@transaction.atomic
def accept_complaint(
    *,
    complaint_id: int,
    actor: User,
    assignee: User | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Take the case on; whoever accepts works on it unless somebody else is named."""
    step = begin("accept", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.accept(at=step.at, assignee=assignee or actor)
    legs.mark_accepted(step.complaint, step.at)
    event = record(step, Action.ACCEPTED, agency=step.complaint.current_agency)
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    return step.complaint


@transaction.atomic
def return_to_coordinator(
    *,
    complaint_id: int,
    actor: User,
    reason: str,
    explanation: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Give the case back: not ours, or something is missing. The citizen's clock runs on."""
    require_words("explanation", explanation)
    step = begin("return_to_coordinator", complaint_id=complaint_id, actor=actor, version=version, now=now)
    require_reason(step, "return", reason)
    agency = step.complaint.current_agency
    legs.end_leg(step.complaint, step.at, reason=reason)
    step.complaint.return_to_coordinator(at=step.at)
    if step.complaint.return_count >= RETURNS_BEFORE_ARBITER:
        clocks.start(step.complaint, Clock.ARBITER, step.at)
    clocks.set_next_due(step.complaint)
    if step.complaint.is_part:
        parts.await_desk(step.complaint)
    event = record(step, Action.RETURNED, note=explanation, reason=reason, agency=agency)
    if step.complaint.return_count >= RETURNS_BEFORE_ARBITER:
        tell_arbiter(event)
    return step.complaint


@transaction.atomic
def hold_complaint(
    *,
    complaint_id: int,
    actor: User,
    reason: str,
    until: date,
    explanation: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Put the case on hold until a day, with a reason the reporter reads. All clocks run on.

    Raises ``ValidationError`` for a day that is not in the future.
    """
    require_words("explanation", explanation)
    step = begin("hold", complaint_id=complaint_id, actor=actor, version=version, now=now)
    require_reason(step, "hold", reason)
    if until <= step.at.astimezone(step.complaint.region.zone).date():
        raise ValidationError({"until": _("Choose a day in the future.")}, code="invalid")
    step.complaint.hold(at=step.at, reason=reason, until=until)
    event = record(step, Action.HELD, words=explanation, reason=reason, until=until.isoformat())
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    return step.complaint


@transaction.atomic
def resume_complaint(
    *, complaint_id: int, actor: object, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Work on a held case again: by the office, or by the sweep when its day has come."""
    step = begin("resume", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.resume(at=step.at)
    record(step, Action.RESUMED)
    return step.complaint


@transaction.atomic
def follow_up(
    *,
    complaint_id: int,
    actor: User,
    answer: str,
    evidence: Sequence[PendingUpload] = (),
    no_evidence_reason: str = "",
    version: int | None = None,
    now: datetime | None = None,
    then: Callable[[ComplaintEvent], object] | None = None,
) -> Complaint:
    """Answer the reporter, with files as evidence or the reason why there are none.

    The citizen's clock stops here; the reporter has the policy's days to confirm or to say "not solved". ``then`` is
    done with the event in the same transaction.
    """
    require_words("answer", answer, minimum=20)
    require_evidence(evidence, no_evidence_reason)
    step = begin("follow_up", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    legs.end_leg(complaint, step.at, answered=True)
    complaint.follow_up(at=step.at, by=actor)
    clocks.stop(complaint, {Clock.TOTAL, Clock.RESPOND, Clock.VERIFY}, step.at)
    if not complaint.is_part:
        clocks.start(complaint, Clock.CONFIRM, step.at)
    clocks.set_next_due(complaint)
    reason = "" if evidence else no_evidence_reason
    event = record(step, Action.FOLLOWED_UP, words=answer, note=reason, agency=complaint.current_agency)
    attach(event, evidence)
    if then:
        then(event)
    if complaint.is_part:
        parts.hand_in(step, event)
        return complaint
    notices.tell_reporter(event, "complaint_answered")
    return complaint


def require_evidence(evidence: Sequence[PendingUpload], reason: str) -> None:
    """Raise ``ValidationError`` when an answer has neither a file nor the reason for having none."""
    if evidence:
        return
    if len(reason.strip()) < 10:
        message = _("Add a file as evidence, or say why there is none.")
        raise ValidationError({"evidence": message}, code="required")

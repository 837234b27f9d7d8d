"""How a case ends and begins again: confirm, not solved, close, silence, reopen, review."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import User
from workflows.models import Complaint, ComplaintEvent, PendingUpload
from workflows.sampling import SHARE
from workflows.services import clocks, notices
from workflows.services.agency import require_evidence
from workflows.services.clocks import Clock
from workflows.services.drawing import draw, share_of
from workflows.services.files import attach
from workflows.services.steps import Step, begin, record, require_reason, require_words
from workflows.services.telling import tell_staff
from workflows.states import Action, Status


@transaction.atomic
def confirm_solved(
    *,
    complaint_id: int,
    actor: object,
    words: str = "",
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """The reporter says that the matter is solved."""
    step = begin("confirm", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.confirm(at=step.at)
    _stop_all(step)
    attach(_record_end(step, Action.CONFIRMED, words=words), files)
    return step.complaint


@transaction.atomic
def say_not_solved(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """The reporter says that it is not; the case goes to somebody who did not answer it, on a new clock."""
    require_words("words", words)
    step = begin("not_solved", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.not_solved(at=step.at)
    event = _begin_review(step, Action.NOT_SOLVED, words)
    attach(event, files)
    return step.complaint


@transaction.atomic
def close_complaint(  # noqa: PLR0913  what an officer says at the end
    *,
    complaint_id: int,
    actor: User,
    result: str,
    evidence: Sequence[PendingUpload] = (),
    no_evidence_reason: str = "",
    reason: str = "",
    version: int | None = None,
    now: datetime | None = None,
    then: Callable[[ComplaintEvent], object] | None = None,
) -> Complaint:
    """Close by an officer: with the result in words, and evidence or the reason for none.

    ``reason`` says in one of the region's codes how it ended, where somebody chose one. ``then`` is done with the event
    in the same transaction.
    """
    require_words("result", result, minimum=20)
    require_evidence(evidence, no_evidence_reason)
    step = begin("close", complaint_id=complaint_id, actor=actor, version=version, now=now)
    if reason:
        require_reason(step, "close", reason)
    step.complaint.close(at=step.at, by=actor)
    _stop_all(step)
    note = "" if evidence else no_evidence_reason
    event = _record_end(step, Action.CLOSED, words=result, note=note, reason=reason)
    attach(event, evidence)
    if then:
        then(event)
    notices.tell_reporter(event, "complaint_closed")
    return step.complaint


@transaction.atomic
def close_by_silence(
    *, complaint_id: int, actor: object, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Close an answered case whose reporter did not react in time; counted apart from confirmed ones.

    Raises ``ValidationError`` while the reporter still has time, or has written what the office did not react to.
    """
    step = begin("close_by_silence", complaint_id=complaint_id, actor=actor, version=version, now=now)
    if step.complaint.unheard_since:
        raise ValidationError(_("The reporter has written. Please read that first."), code="unheard")
    if step.complaint.next_due_at is None or step.at <= step.complaint.next_due_at:
        raise ValidationError(_("The reporter still has time to answer."), code="too_early")
    step.complaint.close_by_silence(at=step.at)
    _stop_all(step)
    event = _record_end(step, Action.CLOSED_BY_SILENCE)
    notices.tell_reporter(event, "complaint_closed")
    return step.complaint


@transaction.atomic
def reopen_complaint(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """The reporter reopens a closed case inside the window; a new cycle begins, the old outcome stays.

    Raises ``ValidationError`` when the window has passed.
    """
    require_words("words", words)
    step = begin("reopen", complaint_id=complaint_id, actor=actor, version=version, now=now)
    require_window(step.complaint, step.at)
    step.complaint.reopen(at=step.at)
    attach(_begin_review(step, Action.REOPENED, words), files)
    return step.complaint


@transaction.atomic
def start_review(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Have an ended case looked at again: ordered by a regional administrator, or appealed by the reporter."""
    require_words("words", words)
    step = begin("start_review", complaint_id=complaint_id, actor=actor, version=version, now=now)
    if step.before == Status.REJECTED:
        require_window(step.complaint, step.at)
    step.complaint.start_review(at=step.at)
    attach(_begin_review(step, Action.REVIEW_STARTED, words), files)
    return step.complaint


def require_window(complaint: Complaint, at: datetime) -> None:
    """Raise ``ValidationError`` when an ended case may no longer be taken up again."""
    last = reopen_until(complaint)
    if last is None or at > last:
        raise ValidationError(_("The time to reopen this case has passed."), code="too_late")


def reopen_until(complaint: Complaint) -> datetime | None:
    """The last moment at which the reporter may reopen the case or appeal; None while it has not ended."""
    if complaint.closed_at is None:
        return None
    return complaint.closed_at + timedelta(days=clocks.desk_behind(complaint).reopen_days)


def _begin_review(step: Step, action: Action, words: str) -> ComplaintEvent:
    clocks.stop(step.complaint, frozenset(Clock.values), step.at)
    clocks.start(step.complaint, Clock.TOTAL, step.at)
    clocks.set_next_due(step.complaint)
    event = record(step, action, words=words)
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    tell_staff(event)
    return event


def _record_end(step: Step, action: Action, *, words: str = "", note: str = "", reason: str = "") -> ComplaintEvent:
    """Write the event that closes a case, with the share drawn for review at that moment, and draw."""
    facts: dict[str, Any] = {SHARE: share_of(step.complaint)}
    event = record(step, action, words=words, note=note, reason=reason, **facts)
    draw(event)
    return event


def _stop_all(step: Step) -> None:
    clocks.stop(step.complaint, frozenset(Clock.values), step.at)
    step.complaint.next_due_at = None

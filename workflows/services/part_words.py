"""Words between the reporter and the agencies that share a case.

The reporter has one conversation, with the whole case; each agency has its own, with the reporter and nobody else. What
is said to or by one agency is kept at its part, and an event of the whole with the hash of that event puts it into the
reporter's conversation. While any agency waits for the reporter the whole waits too: the citizen's own delay is the one
thing that stops the citizen's clock, and two questions at a time stop it once.

Rows are locked parts first, then the whole, as in ``parts``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.actors import ReporterGrant
from workflows.models import Complaint, ComplaintEvent, PendingUpload
from workflows.permissions import is_officer, is_reporter
from workflows.selectors.parts import SAID, asking_parts, lock_parts, whole_of
from workflows.services import clocks, hearing, legs
from workflows.services.clocks import Clock
from workflows.services.files import attach
from workflows.services.steps import MoveNotAllowed, Step, begin, lock, record, record_resumed, require_words
from workflows.services.telling import tell_staff
from workflows.states import Action, Reason


def at_whole(step: Step) -> Step:
    """The same step at the case a part belongs to, locked after the part."""
    whole = lock(whole_of(step.complaint))
    return Step(whole, step.actor, step.at, whole.status)


def asked(step: Step, question: ComplaintEvent) -> ComplaintEvent:
    """An agency has asked: the whole waits for its reporter. The event of the whole."""
    whole = at_whole(step)
    if not whole.complaint.is_paused:
        whole.complaint.await_reporter(at=step.at)
        # When the waiting ends is a matter of each part.
        whole.complaint.next_due_at = None
    return _tell(whole, Action.INFO_REQUESTED, question)


def said(step: Step, message: ComplaintEvent) -> ComplaintEvent:
    """An agency has written to the reporter; to the whole it is a first answer. The event of the whole."""
    whole = at_whole(step)
    hearing.hear(whole.complaint, step.at, is_public=True)
    if is_officer(step.complaint, step.actor):
        clocks.stop(whole.complaint, {Clock.RESPOND}, step.at)
    return _tell(whole, Action.MESSAGE, message)


@transaction.atomic
def reply_to_parts(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    to: int | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """The reporter answers the agency that holds part ``to``, or with None every agency that asked.

    An answer to one is read by that one only; an answer to several is kept at the whole, where all parts read.
    Raises ``ValidationError`` when the part asks nothing, any more or at all.
    """
    require_words("words", words, minimum=2)
    lock_parts(complaint_id)
    complaint = lock(complaint_id, version)
    if not is_reporter(complaint, actor):
        raise PermissionDenied("reply_info")
    if not (complaint.is_split and complaint.is_paused):
        raise MoveNotAllowed(complaint, "reply_info")
    asking = list(asking_parts(complaint_id).filter(**{} if to is None else {"pk": to}).values_list("pk", flat=True))
    if not asking:
        raise ValidationError(_("Choose an agency that waits for your answer."), code="not_asked")
    at = now or timezone.now()
    whole, is_for_one = Step(complaint, actor, at, complaint.status), len(asking) == 1
    heard = [_heard(pk, at, words if is_for_one else "") for pk in asking]
    go_on(whole)
    if is_for_one:
        attach(heard[0], files)
        _tell(whole, Action.INFO_GIVEN, heard[0])
    else:
        attach(record(whole, Action.INFO_GIVEN, words=words, parts=asking), files)
    return complaint


@transaction.atomic
def end_part_wait(
    *, complaint_id: int, actor: object, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """No answer came in time: the part is with the desk again, which forwards it or takes it back."""
    step = begin("end_part_wait", complaint_id=complaint_id, actor=actor, version=version, now=now)
    part, whole = step.complaint, at_whole(step)
    agency = part.current_agency
    legs.end_leg(part, step.at, reason=Reason.NO_ANSWER)
    part.end_part_wait(at=step.at)
    go_on(whole, besides=part.pk)
    # From here on it waits no longer than its case.
    part.next_due_at = whole.complaint.due_at
    record(step, Action.WAIT_ENDED, agency=agency)
    record(whole, Action.WAIT_ENDED, agency=agency, part=part.pk)
    return part


def go_on(whole: Step, *, besides: int = 0) -> None:
    """The whole waits no longer when no agency does (``besides`` one part's); the caller writes the event."""
    complaint = whole.complaint
    if not complaint.is_paused or asking_parts(complaint.pk).exclude(pk=besides).exists():
        return
    complaint.go_on(at=whole.at)
    clocks.redate(complaint, whole.at)
    clocks.set_next_due(complaint)


def _heard(part_id: int, at: datetime, words: str) -> ComplaintEvent:
    step = begin("reply_info", complaint_id=part_id, actor=ReporterGrant(part_id), version=None, now=at)
    step.complaint.reply_info(at=at)
    event = record_resumed(step, Action.INFO_GIVEN, words, agency=step.complaint.current_agency)
    tell_staff(event)
    return event


def _tell(whole: Step, action: Action, told: ComplaintEvent) -> ComplaintEvent:
    facts: dict[str, Any] = {"part": told.complaint_id, SAID: told.hash}
    return record(whole, action, agency=told.agency, **facts)

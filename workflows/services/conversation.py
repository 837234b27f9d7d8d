"""Words between the reporter and the office, and notes among staff. None of them moves a clock but the first answer."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from core.models import User
from workflows.actors import ActorKind, kind_of
from workflows.acts import Act
from workflows.models import Complaint, PendingUpload
from workflows.permissions import is_officer
from workflows.services import clocks, hearing, notices, part_words
from workflows.services.clocks import Clock
from workflows.services.files import attach
from workflows.services.steps import begin, begin_act, record, record_resumed, require_words
from workflows.services.telling import tell_staff
from workflows.states import Action


@transaction.atomic
def reply_info(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """The reporter answers a question; the case goes back to whoever asked and the clocks run again."""
    require_words("words", words, minimum=2)
    step = begin("reply_info", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.reply_info(at=step.at)
    event = record_resumed(step, Action.INFO_GIVEN, words)
    attach(event, files)
    tell_staff(event)
    return step.complaint


def answer_to_question(complaint: Complaint) -> Callable[..., Complaint]:
    """The service that takes the reporter's answer: of a split case it goes to every agency that asked."""
    return part_words.reply_to_parts if complaint.is_split else reply_info


@transaction.atomic
def send_message(
    *,
    complaint_id: int,
    actor: object,
    words: str,
    files: Sequence[PendingUpload] = (),
    is_public: bool = True,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Write to the other side, or (``is_public=False``, staff only) a note for colleagues.

    The first public words of the agency that holds the case are its first answer. At a part the agency writes to the
    reporter; the desk does so at the whole case.
    """
    require_words("words", words, minimum=2)
    by_reporter = kind_of(actor) is ActorKind.REPORTER
    is_public = is_public or by_reporter
    act = Act.MESSAGE if is_public else Act.NOTE
    step = begin_act(act, complaint_id=complaint_id, actor=actor, version=version, now=now)
    if by_reporter:
        hearing.wait_to_be_heard(step.complaint, step.at)
    else:
        hearing.hear(step.complaint, step.at, is_public=is_public)
    if is_public and is_officer(step.complaint, actor):
        clocks.stop(step.complaint, {Clock.RESPOND}, step.at)
    agency = step.complaint.current_agency if step.complaint.is_part else None
    action = Action.MESSAGE if is_public else Action.NOTE
    event = record(step, action, words=words, is_public=is_public, agency=agency)
    attach(event, files)
    if is_public and step.complaint.is_part:
        event = part_words.said(step, event)
    tell_staff(event)
    if is_public and not by_reporter:
        notices.tell_reporter(event, "complaint_message")
    return step.complaint


@transaction.atomic
def assign_complaint(
    *, complaint_id: int, assignee: User, actor: User, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Name the officer who works on the case."""
    step = begin_act(Act.ASSIGN, complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.assignee = assignee
    record(step, Action.ASSIGNED, is_public=False, assignee=assignee.pk)
    return step.complaint

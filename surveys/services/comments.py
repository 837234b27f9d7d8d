"""Work on a comment: take it up, give it to somebody, note, finish; every step is kept."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.models import User
from surveys.comment_states import State, may_move
from surveys.models import CommentCase, CommentEvent, CommentState, Response
from surveys.selectors.comments import may_work_on, workers_for

NOTE_LENGTH = 1000


class MoveNotPossible(Exception):
    """The comment is in another state by now."""


@transaction.atomic
def move_comment(
    *, response: Response, to: State, actor: User, now: datetime, note: str = "", assignee: User | None = None
) -> CommentCase:
    """Into another state, with whoever shall work on it.

    Raises PermissionDenied for somebody who does not work on this agency's comments or an assignee who does not,
    MoveNotPossible when the state does not lead there.
    """
    case = _locked(response, actor, now)
    if not may_move(State(case.state), to):
        raise MoveNotPossible
    if assignee is not None and not workers_for(response).filter(pk=assignee.pk).exists():
        raise PermissionDenied
    case.state = CommentState(to.value)
    case.assignee = assignee or case.assignee or actor
    return _record(case, CommentEvent.Action.MOVE, actor, now, note)


@transaction.atomic
def note_comment(*, response: Response, note: str, actor: User, now: datetime) -> CommentCase:
    return _record(_locked(response, actor, now), CommentEvent.Action.NOTE, actor, now, note)


@transaction.atomic
def reveal_comment(*, response: Response, actor: User, now: datetime) -> CommentCase:
    """Somebody reads what was covered; that it was read is kept."""
    return _record(_locked(response, actor, now), CommentEvent.Action.REVEAL, actor, now)


def _locked(response: Response, actor: User, now: datetime) -> CommentCase:
    if not may_work_on(actor, response):
        raise PermissionDenied
    CommentCase.objects.get_or_create(response=response, defaults={"changed_at": now})
    return CommentCase.objects.select_for_update().get(response=response)


def _record(case: CommentCase, action: CommentEvent.Action, actor: User, now: datetime, note: str = "") -> CommentCase:
    case.changed_at = now
    case.save()
    CommentEvent.objects.create(
        case=case, action=action, state=case.state, assignee=case.assignee, note=note[:NOTE_LENGTH], actor=actor, at=now
    )
    return case

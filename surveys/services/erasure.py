"""Erasing what somebody wrote, or a whole answer, because that person or the law asks for it.

The only way an answer ever changes. It is recorded who did it, when and why, never what was there, and the tallies stay
equal to the answers.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from core.models import User
from surveys.definition import PERSONAL_TYPES, Definition
from surveys.models import CommentEvent, DeviceRefusal, Response
from surveys.services import tallies
from surveys.services.photos import discard_photos_of

ACTION_TEXT, ACTION_WHOLE = "surveys.erase_text", "surveys.erase_answer"


class ReasonMissing(ValueError):
    """Nothing is erased without a reason."""


@transaction.atomic
def erase_response(*, response: Response, reason: str, actor: User, now: datetime, whole: bool = False) -> None:
    """Erase comment, reasons, texts and photos of an answer; with ``whole`` the answer itself, scores included.

    Scores stay otherwise, so figures do not change. A whole erasure changes every figure the answer was part of, frozen
    publications excepted. Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    if whole:
        # Also of an answer in no tally yet: the lock keeps it from being folded meanwhile.
        tallies.unfold(ids=[response.pk])
    locked = Response.objects.select_related("survey", "version").select_for_update(of=("self",)).get(pk=response.pk)
    _record(locked, reason, actor, now, whole)
    locked.conflicts.all().delete()
    key = locked.key
    # A device's copy of an answer that could not be stored at first.
    DeviceRefusal.objects.filter(key=str(key)).delete()
    if whole:
        locked.delete()
    else:
        blank_texts(locked)
    transaction.on_commit(lambda: discard_photos_of(key))


def _record(response: Response, reason: str, actor: User, now: datetime, whole: bool) -> None:
    data = {"answer": response.pk, "day": response.period_on.isoformat(), "reason": reason.strip()}
    log(response.survey, ACTION_WHOLE if whole else ACTION_TEXT, user=actor, data=data, timestamp=now)


def blank_texts(response: Response) -> None:
    """Take a person's own words out of a locked answer; scores, choices and numbers stay.

    Notes of those who worked on the comment go too: they repeat it.
    """
    CommentEvent.objects.filter(case__response=response).exclude(note="").update(note="")
    response.comment, response.reasons = "", {}
    personal = personal_questions(response.version.definition)
    response.answers = {name: value for name, value in response.answers.items() if name not in personal}
    # It was made of the text too; the key of the answer says nothing and equals no other.
    response.payload_hash = response.key.hex
    response.save(update_fields=["comment", "reasons", "answers", "payload_hash"])


def personal_parts(response: Response) -> list[str]:
    """Where the answer holds somebody's own words or pictures: ids of questions, ``comment``, ``reasons``."""
    personal = personal_questions(response.version.definition)
    found = [name for name in ("comment", "reasons") if getattr(response, name)]
    found += [name for name, value in response.answers.items() if name in personal and value]
    return [*found, *(["conflicts"] if response.conflicts.exists() else [])]


def personal_questions(definition: Definition) -> set[str]:
    return {question["id"] for question in definition["questions"] if question["type"] in PERSONAL_TYPES}

"""Internal notes: who is named with ``@username`` hears of it, but only somebody who may see the case."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core import notifications
from core.models import User
from workflows.models import Complaint, PendingUpload
from workflows.services import notices
from workflows.services.conversation import send_message

MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
MOST_MENTIONS = 10


@transaction.atomic
def write_note(
    *,
    complaint_id: int,
    actor: User,
    words: str,
    files: Sequence[PendingUpload] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Write a note for colleagues and tell those it mentions; the letter holds the number and no word of the note."""
    complaint = send_message(
        complaint_id=complaint_id, actor=actor, words=words, files=files, is_public=False, version=version, now=now
    )
    people = mentioned_in(words, complaint, actor)
    event = complaint.events.get(sequence=complaint.version)
    notifications.post(notices.to_officers(event, "case_mentioned", people))
    return complaint


def mentioned_in(words: str, complaint: Complaint, author: User) -> list[User]:
    """Active colleagues named in a text who may see the case; nobody else is ever told that it exists."""
    names = {name.rstrip(".-+").lower() for name in MENTION.findall(words)[:MOST_MENTIONS]}
    if not names:
        return []
    known = User.objects.filter(is_active=True, username__in=names).exclude(pk=author.pk).exclude(email="")
    return [person for person in known if Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists()]

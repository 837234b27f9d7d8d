"""Put a case into the public list: masked by rule, read by a person, shown only then; taken down at once.

Never for confidential cases. Leaves out the list itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import User
from core.sealing import unseal
from workflows.acts import Act
from workflows.masking import findings, masked
from workflows.models import Complaint, Message, PublicEntry
from workflows.selectors.parts import answers_in_words
from workflows.services import notices
from workflows.services.privacy import take_down
from workflows.services.steps import begin_act, record
from workflows.states import Action

ANSWERS = (Action.FOLLOWED_UP, Action.CLOSED)


@dataclass(frozen=True, slots=True)
class PublicText:
    """What the public would read. ``found``: how much was masked."""

    title: str
    body: str
    answer: str = ""
    found: int = 0


def proposed_text(complaint: Complaint) -> PublicText:
    """The case's own words with personal data masked, the reporter's name too, for a person to check.

    The name is used inside only: whoever reads the proposal sees a gap, not the name.
    """
    reporter = complaint.reporter
    names = [name for name in (unseal(reporter.name_sealed), unseal(reporter.email_sealed)) if name]
    words = Message.objects.filter(complaint=complaint, is_public=True, event__action__in=ANSWERS).order_by("-at")
    answer = words.values_list("body", flat=True).first() or answers_in_words(complaint)
    texts = (complaint.title, complaint.body, answer)
    found = sum(len(findings(text, names)) for text in texts)
    return PublicText(masked(texts[0], names), masked(texts[1], names), masked(texts[2], names), found)


@transaction.atomic
def publish_case(
    *,
    complaint_id: int,
    actor: User,
    text: PublicText,
    version: int | None = None,
    now: datetime | None = None,
) -> PublicEntry:
    """Show a case to everybody in the words a person has checked. Tells the reporter.

    Raises ``PermissionDenied``, ``MoveNotAllowed`` for a case that may not be public, ``ValidationError`` while the
    words still hold something that looks like personal data.
    """
    step = begin_act(Act.PUBLISH, complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    _require_clean(text)
    entry, _is_new = PublicEntry.objects.update_or_create(
        complaint=complaint,
        defaults={
            "title": text.title.strip(),
            "body": text.body.strip(),
            "answer": text.answer.strip(),
            "checked_by": actor,
            "published_at": step.at,
            "withdrawn_at": None,
        },
    )
    event = record(step, Action.PUBLISHED)
    notices.tell_reporter(event, "complaint_published")
    return entry


@transaction.atomic
def withdraw_case(*, complaint_id: int, actor: User, version: int | None = None, now: datetime | None = None) -> None:
    """Take a case out of the public list now. Raises ``PermissionDenied``."""
    step = begin_act(Act.WITHDRAW, complaint_id=complaint_id, actor=actor, version=version, now=now)
    take_down(step.complaint, step.at)
    record(step, Action.WITHDRAWN)


def _require_clean(text: PublicText) -> None:
    problems = {}
    for name in ("title", "body", "answer"):
        words = getattr(text, name)
        found = [words[one.start : one.end] for one in findings(words)]
        if found:
            problems[name] = _("This looks like personal data: %(words)s") % {"words": "; ".join(found[:5])}
    if not text.title.strip() or not text.body.strip():
        problems["title"] = _("Title and description must not be empty.")
    if problems:
        raise ValidationError(problems, code="personal")

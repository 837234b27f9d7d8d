"""What a letter says beside its own text to a reporter who only has a mail program or a messenger.

Whoever reported by a message was never given a code. The letters of such a case hold what the office wrote in public,
say how to react by answering, and carry a link that opens the case once (``services.opening``), which is also where a
region's own wording leads with {link}. Put together when a letter leaves, so that the outbox keeps no word and no link.
Never the reporter's own words, never in the letter of receipt, nothing of a confidential case, and no word to an
address that nobody has confirmed.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.delivery import is_confirmed
from core.letters import Beside
from core.models import Notification
from core.sealing import keyed_hashes, open_recipient
from workflows.actors import ActorKind
from workflows.intake.replywords import NOT_SOLVED, SOLVED
from workflows.models import Complaint, ComplaintEvent, InboundMessage
from workflows.moments import day_text
from workflows.selectors.parts import with_answers
from workflows.services.closing import reopen_until
from workflows.services.intake.machines import SENDER_PURPOSE
from workflows.services.opening import LINK_LIFE, link_of
from workflows.states import MESSAGE_CHANNELS, Action, Channel, Status

REOPENED_BY = (Status.CLOSED, Status.REJECTED)


def beside(row: Notification) -> Beside | None:
    """What a letter of the outbox is to whoever reported by a message; None to everybody else, who has a code.

    Where nothing may be added, {link} leads to the front page: the tracking page asks for the code.
    """
    if not row.context.get("by_message"):
        return None
    event, was_confirmed = _event_of(row), is_confirmed(row.recipient_hash)
    if event is None or event.action == Action.FILED or not (was_confirmed or _came_from(event.complaint, row)):
        return Beside(settings.BASE_URL)
    case = event.complaint
    told = {
        "said": _said(event) if was_confirmed and not case.is_confidential else [],
        "link_until": day_text(timezone.now() + LINK_LIFE, case.region.zone),
        **_ways_to_react(case, event.after, row.language),
    }
    return Beside(settings.BASE_URL + link_of(row), "added_words", told)


def _event_of(row: Notification) -> ComplaintEvent | None:
    """What the letter tells of, where its case came by the same way as the letter goes."""
    kind, _colon, number = row.about.partition(":")
    if kind != "complaint" or "step" not in row.context or row.channel not in MESSAGE_CHANNELS:
        return None
    events = ComplaintEvent.objects.filter(complaint=int(number), sequence=row.context["step"])
    mine = events.filter(complaint__channel=row.channel, complaint__reporter__erased_at=None)
    return mine.select_related("complaint__region", "agency").prefetch_related("messages").first()


def _came_from(case: Complaint, row: Notification) -> bool:
    """Whether the report itself was sent from the address the letter goes to."""
    hashes = keyed_hashes(SENDER_PURPOSE, open_recipient(row.recipient))
    return InboundMessage.objects.filter(complaint=case, sender_hash__in=hashes).exists()


@dataclass(frozen=True, slots=True)
class Said:
    office: str
    words: str


def _said(event: ComplaintEvent) -> list[Said]:
    """The office's public words of this step, at a split case those of the agency it tells of."""
    (event,) = with_answers(event.complaint, [event])
    told = [event, getattr(event, "answer", None)]
    return [
        Said(step.agency.name if step.agency else "", message.body)
        for step in told
        if step is not None
        for message in step.messages.all()
        if message.is_public and message.author_kind == ActorKind.STAFF and message.body
    ]


def _ways_to_react(case: Complaint, status: str, language: str) -> dict[str, Any]:
    until = None
    if status == Status.FOLLOWED_UP:
        until = case.next_due_at
    elif status in REOPENED_BY:
        until = reopen_until(case)
    return {
        "status": status,
        "until": day_text(until, case.region.zone),
        "solved": SOLVED.get(language, SOLVED["id"]),
        "not_solved": NOT_SOLVED.get(language, NOT_SOLVED["id"]),
        "by_messenger": case.channel != Channel.EMAIL,
    }

"""The parts of a case that is split among agencies."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet

from core.models import User
from workflows.actors import ActorKind
from workflows.models import Attachment, CasePart, Complaint, ComplaintEvent, Message
from workflows.states import ANSWERED_STATUSES, OPEN_STATUSES, Action, Share, Status

# Where an event of the whole keeps the hash of the part's event whose words it tells of.
SAID = "answer"


class Report(NamedTuple):
    """What a part's agency reads of the case behind it: the report, its files, and the words with the reporter."""

    case: Complaint
    files: list[Attachment]
    words: list[Message]


def whole_of(part: Complaint) -> int:
    """The id of the case a part belongs to (one query)."""
    return CasePart.objects.values_list("whole", flat=True).get(part=part)


def parts_of(whole: int) -> QuerySet[Complaint]:
    return Complaint.objects.filter(part_of__whole=whole).order_by("pk")


def lock_parts(complaint_id: int) -> list[Complaint]:
    """The parts of a case, locked before the case itself, for what changes both (one statement)."""
    return list(parts_of(complaint_id).select_related("current_agency").select_for_update(of=("self",)))


def open_parts(whole: Complaint) -> QuerySet[Complaint]:
    """Parts that nobody has answered yet."""
    return parts_of(whole.pk).filter(status__in=OPEN_STATUSES)


def parts_to_end() -> QuerySet[Complaint]:
    """Answered parts whose case has gone on: closed, under review, or with the desk again."""
    answered = Complaint.objects.filter(part_of__isnull=False, status=Status.FOLLOWED_UP)
    worked_on = Q(part_of__whole__status=Status.IN_PROGRESS) | Q(part_of__whole__asked_from=Status.IN_PROGRESS)
    waiting = worked_on & Q(part_of__whole__current_agency__isnull=True)
    return answered.exclude(Q(part_of__whole__status=Status.FOLLOWED_UP) | waiting)


def asking_parts(whole: int) -> QuerySet[Complaint]:
    """Parts whose agency waits for the reporter."""
    return parts_of(whole).filter(status=Status.NEEDS_INFO)


def was_answered(whole: Complaint) -> bool:
    """Whether some part of the running cycle has an answer."""
    return parts_of(whole.pk).filter(cycle=whole.cycle, status__in=ANSWERED_STATUSES).exists()


def report_behind(part: Complaint) -> Report:
    """What the reporter said, for whoever works on a part (three queries). Nothing of other parts, no internal note."""
    rows = Complaint.objects.select_related("region", "own_answers__version", "district", "village")
    whole = rows.get(parts__part=part)
    files = Attachment.objects.filter(
        complaint=whole, is_verified=True, is_public=True, uploaded_by=ActorKind.REPORTER.value
    )
    spoken = (Action.MESSAGE, Action.INFO_REQUESTED, Action.INFO_GIVEN)
    words = Message.objects.filter(complaint=whole, is_public=True, event__action__in=spoken, erased_at=None)
    return Report(whole, list(files.select_related("complaint")), list(words.select_related("author")))


def parts_shown(whole: Complaint, user: User) -> list[Complaint]:
    """The parts a member of staff may see, with their answers (four queries; none where the case is not split)."""
    if whole.share != Share.WHOLE:
        return []
    rows = Complaint.objects.visible_to(user).filter(part_of__whole=whole).order_by("pk")
    shown = list(rows.select_related("current_agency", "assignee", "region"))
    events = _answers(shown)
    for part in shown:
        part.answer = events.get(part.pk)  # type: ignore[attr-defined]
    return shown


def parts_told(whole: Complaint) -> list[Complaint]:
    """The parts of this cycle as the reporter reads them (one query; none where the case is not split)."""
    if whole.share != Share.WHOLE:
        return []
    rows = parts_of(whole.pk).filter(cycle=whole.cycle).exclude(status=Status.DUPLICATE)
    return list(rows.select_related("current_agency", "region"))


def with_answers(whole: Complaint, events: Iterable[ComplaintEvent]) -> list[ComplaintEvent]:
    """Events of a case; what was said at a part stands as ``answer`` beside its event (three queries, if split)."""
    events = list(events)
    told = {event.data[SAID]: event for event in events if SAID in event.data}
    if told:
        for said in _with_words().filter(complaint__part_of__whole=whole, hash__in=list(told)):
            told[said.hash].answer = said  # type: ignore[attr-defined]
    return events


def open_questions(whole: Complaint) -> list[ComplaintEvent]:
    """What agencies asked the reporter and wait for, each with its part and agency (two queries; none if not split)."""
    if not (whole.is_split and whole.is_paused):
        return []
    asked = ComplaintEvent.objects.filter(
        complaint__in=asking_parts(whole.pk).order_by(), action=Action.INFO_REQUESTED, after=Status.NEEDS_INFO
    )
    words = Prefetch("messages", queryset=Message.objects.filter(is_public=True))
    rows = asked.select_related("complaint", "agency").order_by("complaint", "-sequence").prefetch_related(words)
    latest: dict[int, ComplaintEvent] = {}
    for event in rows:
        latest.setdefault(event.complaint_id, event)
    return list(latest.values())


def answers_in_words(whole: Complaint) -> str:
    """What the agencies answered, each under its name, oldest first; empty where the case was never split."""
    if whole.share != Share.WHOLE:
        return ""
    events = _told().filter(complaint__part_of__whole=whole, complaint__cycle=whole.cycle).select_related("agency")
    return "\n\n".join(
        f"{event.agency.name if event.agency else ''}:\n{message.body}"
        for event in events
        for message in event.messages.all()
        if message.body
    )


def _answers(parts: Sequence[Complaint]) -> dict[int, ComplaintEvent]:
    """The latest answer of each part."""
    return {event.complaint_id: event for event in _told().filter(complaint__in=parts)} if parts else {}


def _told() -> QuerySet[ComplaintEvent]:
    """Answers, oldest first, with the words and files the reporter may have."""
    return _with_words().filter(action=Action.FOLLOWED_UP)


def _with_words() -> QuerySet[ComplaintEvent]:
    files = Attachment.objects.filter(is_verified=True, is_public=True).select_related("complaint")
    return ComplaintEvent.objects.order_by("pk").prefetch_related(
        Prefetch("messages", queryset=Message.objects.filter(is_public=True)),
        Prefetch("attachments", queryset=files),
    )

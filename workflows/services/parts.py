"""A case split among agencies: one report, one citizen's clock, and a part with an own clock for each agency.

A part is a case of its own with the desk's task as its text; what was reported stays in the whole and is shown from
there. Its agency accepts, returns or answers it like any other case. Each answer leaves an event in the whole with the
hash of the answer's event, so the whole's chain proves the parts' answers too. The last answer joins them: the whole is
followed up, and the reporter has one case to confirm.

Rows are always locked parts first, then the whole.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import notifications
from core.models import Agency, User
from core.sealing import keyed_hash
from workflows.actors import SYSTEM
from workflows.models import CasePart, Complaint, ComplaintEvent, ConflictOfInterest
from workflows.selectors.complaints import CODE_PURPOSE
from workflows.selectors.locking import Versions
from workflows.selectors.parts import lock_parts, open_parts, was_answered, whole_of
from workflows.services import clock_book, clocks, legs, notices, part_words
from workflows.services.clocks import Clock
from workflows.services.desk import officers_there
from workflows.services.steps import MoveNotAllowed, Step, begin, record, require_words
from workflows.states import (
    FEWEST_PARTS,
    MOST_PARTS,
    RETURNS_BEFORE_ARBITER,
    Action,
    ClosedBy,
    Reason,
    Share,
    Status,
)

# What a part has of the whole. Not its words: those are the reporter's, and are erased in one place.
COPIED = (
    "region", "klass", "is_supervision", "category", "service", "district", "village", "channel", "received_at",
    "entered_at", "is_anonymous", "is_confidential", "cycle", "is_demo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """What one agency is asked to do."""

    agency: Agency
    words: str


@transaction.atomic
def split_complaint(
    *,
    complaint_id: int,
    tasks: Sequence[Task],
    actor: User,
    note: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Give two to four agencies a part each, with a task and a clock of its own. The citizen's clock runs on.

    After two returns only the arbiter may split, and no agency may return its part.
    Raises ``ValidationError`` for too few or too many tasks, an agency named twice or of another region, or no task.
    """
    _require_tasks(tasks)
    step = begin("split", complaint_id=complaint_id, actor=actor, version=version, now=now)
    whole, is_binding = step.complaint, step.complaint.return_count >= RETURNS_BEFORE_ARBITER
    people = [officers_there(whole, task.agency, step.at) for task in tasks]
    whole.split(at=step.at)
    clocks.stop(whole, {Clock.VERIFY, Clock.ARBITER}, step.at)
    clocks.set_next_due(whole)
    events = list(_made(step, tasks, is_binding=is_binding))
    made = [event.complaint_id for event in events]
    event = record(step, Action.SPLIT, note=note, parts=made, agencies=[task.agency.pk for task in tasks])
    letters = [
        letter
        for sent, officers in zip(events, people, strict=True)
        for letter in notices.to_officers(sent, "case_forwarded", officers)
    ]
    followers = notices.to_followers(event, "complaint_moved")
    notifications.post([notices.to_reporter(event, "complaint_moved", status=whole.status), *followers, *letters])
    return whole


@transaction.atomic
def unsplit_complaint(
    *, complaint_id: int, actor: User, words: str, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Take back every part that is not answered yet; the desk goes on with the case as with any other."""
    require_words("words", words)
    locked = lock_parts(complaint_id)
    step = begin("unsplit", complaint_id=complaint_id, actor=actor, version=version, now=now)
    for part in locked:
        if part.is_open:
            taken = begin("merge_back", complaint_id=part.pk, actor=actor, version=None, now=step.at)
            _take_back(taken, step.complaint, words)
    _begin_again(step, words)
    return step.complaint


@transaction.atomic
def merge_back(
    *, complaint_id: int, actor: User, words: str, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Take one part back: nobody answers it any more. The last open one joins the others, or ends the split."""
    require_words("words", words)
    step = begin("merge_back", complaint_id=complaint_id, actor=actor, version=version, now=now)
    whole = part_words.at_whole(step)
    _take_back(step, whole.complaint, words)
    part_words.go_on(whole)
    record(whole, Action.MERGED_BACK, is_public=False, part=step.complaint.pk)
    whole.before = whole.complaint.status
    if not open_parts(whole.complaint).exists():
        _settle(whole, words)
    return step.complaint


def hand_in(step: Step, answer: ComplaintEvent) -> None:
    """Tell the whole that a part was answered; with the last one the whole is followed up."""
    whole = part_words.at_whole(step)
    clocks.stop(whole.complaint, {Clock.RESPOND, Clock.VERIFY}, step.at)
    event = record(
        whole, Action.PART_ANSWERED, agency=step.complaint.current_agency, part=step.complaint.pk, answer=answer.hash
    )
    if open_parts(whole.complaint).exists():
        notices.tell_reporter(event, "complaint_message")
        return
    _join(whole)


def await_desk(part: Complaint) -> None:
    """A part that came back waits no longer than its case, unless the arbiter's day comes first."""
    if part.next_due_at is None:
        part.next_due_at = Complaint.objects.values_list("due_at", flat=True).get(pk=whole_of(part))


@transaction.atomic
def end_part(*, complaint_id: int, actor: object, version: int | None = None, now: datetime | None = None) -> Complaint:
    """End an answered part when its case has gone on: closed the same way, or looked at again by somebody else."""
    step = begin("end_part", complaint_id=complaint_id, actor=actor, version=version, now=now)
    columns = ("status", "asked_from", "share", "current_agency", "closed_by")
    whole = Complaint.objects.only(*columns).get(pk=whole_of(step.complaint))
    if whole.status == Status.FOLLOWED_UP or whole.is_split:
        raise MoveNotAllowed(step.complaint, "end_part")
    step.complaint.end_part(at=step.at, closed_by=whole.closed_by or ClosedBy.OFFICER)
    record(step, Action.PART_ENDED, is_public=False)
    return step.complaint


def _require_tasks(tasks: Sequence[Task]) -> None:
    if not FEWEST_PARTS <= len(tasks) <= MOST_PARTS:
        message = _("Choose %(fewest)d to %(most)d agencies.") % {"fewest": FEWEST_PARTS, "most": MOST_PARTS}
        raise ValidationError(message, code="number")
    if len({task.agency.pk for task in tasks}) < len(tasks):
        raise ValidationError(_("Each agency gets one part only."), code="twice")
    for number, task in enumerate(tasks, start=1):
        require_words(f"task_{number}", task.words)


def _made(step: Step, tasks: Sequence[Task], *, is_binding: bool) -> Iterator[ComplaintEvent]:
    """Make the parts and forward each to its agency; the events of the forwardings."""
    first = CasePart.objects.filter(whole=step.complaint).count() + 1
    named = list(ConflictOfInterest.objects.filter(complaint=step.complaint))
    for number, task in enumerate(tasks, start=first):
        part = _row(step, task, number)
        CasePart.objects.create(whole=step.complaint, part=part, made_by=step.actor, made_at=step.at)
        ConflictOfInterest.objects.bulk_create(_same(row, part) for row in named)
        yield _forwarded(step, part, task.agency, is_binding=is_binding)


def _row(step: Step, task: Task, number: int) -> Complaint:
    whole, words = step.complaint, task.words.strip()
    part = Complaint(
        reference=f"{whole.reference}-{number}",
        share=Share.PART,
        status=Status.VERIFIED,
        title=words.splitlines()[0][:150],
        body=words,
        # Nobody has its code: the reporter's number and code open the whole.
        secret_hash=keyed_hash(CODE_PURPOSE, secrets.token_hex(16)),
        **{name: getattr(whole, name) for name in COPIED},
    )
    part.save(force_insert=True)
    return part


def _same(row: ConflictOfInterest, part: Complaint) -> ConflictOfInterest:
    values = {"agency_id": row.agency_id, "user_id": row.user_id, "named_by_id": row.named_by_id, "at": row.at}
    return ConflictOfInterest(complaint=part, **values)


def _forwarded(step: Step, part: Complaint, agency: Agency, *, is_binding: bool) -> ComplaintEvent:
    whole = step.complaint
    clock_book.new_book(part)
    clocks.know(part, Versions.of(whole), clocks.desk_behind(whole))
    part.__dict__["stamp_of_rules"] = Versions.of(whole).stamp
    moved = Step(part, step.actor, step.at, part.status, step.rules)
    part.forward(at=step.at, agency=agency, is_bound=is_binding)
    leg = legs.open_leg(part, agency, step.at, is_binding=is_binding)
    clocks.set_next_due(part)
    return record(moved, Action.FORWARDED, agency=agency, leg=leg.pk, binding=is_binding, whole=whole.pk)


def _take_back(step: Step, whole: Complaint, words: str) -> None:
    legs.end_leg(step.complaint, step.at, reason=Reason.TAKEN_BACK)
    clocks.stop(step.complaint, {Clock.ARBITER}, step.at)
    step.complaint.merge_back(at=step.at, whole=whole)
    step.complaint.next_due_at = None
    record(step, Action.MERGED_BACK, note=words, is_public=False)


def _settle(whole: Step, words: str) -> None:
    """No part is open any more: join what was answered, or begin again where nothing was."""
    if was_answered(whole.complaint):
        _join(whole)
    else:
        _begin_again(whole, words)


def _begin_again(step: Step, words: str) -> None:
    step.complaint.unsplit(at=step.at)
    if step.before == Status.NEEDS_INFO:
        clocks.redate(step.complaint, step.at)
    clocks.set_next_due(step.complaint)
    record(step, Action.UNSPLIT, note=words, is_public=False)


def _join(answered: Step) -> None:
    """Every part is answered: from here on the case goes the way of any answered case."""
    whole = answered.complaint
    step = Step(whole, SYSTEM, answered.at, whole.status)
    whole.join(at=step.at, by=answered.actor)
    clocks.stop(whole, {Clock.TOTAL, Clock.RESPOND, Clock.VERIFY}, step.at)
    clocks.start(whole, Clock.CONFIRM, step.at)
    clocks.set_next_due(whole)
    event = record(step, Action.PARTS_ANSWERED)
    notices.tell_reporter(event, "complaint_answered")

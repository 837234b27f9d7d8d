"""Moves of the complaint desk: check, ask, forward, refer, merge, reject. One service per move."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import notifications
from core.models import Agency, User
from workflows.models import Complaint
from workflows.selectors.officers import officers_of
from workflows.services import clocks, legs, notices, part_words
from workflows.services.clocks import Clock
from workflows.services.steps import Step, begin, lock, record, record_resumed, require_reason, require_words
from workflows.states import RETURNS_BEFORE_ARBITER, Action, Reason, Status

# Clocks that the end of a case stops.
ALL_CLOCKS = frozenset(Clock.values)


@transaction.atomic
def verify_complaint(
    *, complaint_id: int, actor: User, version: int | None = None, note: str = "", now: datetime | None = None
) -> Complaint:
    """Accept a complaint as complete and within our remit. ``note`` is for staff only."""
    step = begin("verify", complaint_id=complaint_id, actor=actor, version=version, now=now)
    step.complaint.verify(at=step.at)
    clocks.set_next_due(step.complaint)
    event = record(step, Action.VERIFIED, note=note)
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    return step.complaint


@transaction.atomic
def request_info(
    *, complaint_id: int, actor: User, question: str, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Ask the reporter for what is missing; the clocks stand still until the answer.

    Who works on a part asks for the part: its clock and the citizen's stand still, the other agencies' run on.
    Raises ``ValidationError`` for a question too short to be understood.
    """
    require_words("question", question)
    step = begin("request_info", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    complaint.request_info(at=step.at)
    desk = clocks.desk_behind(complaint)
    complaint.next_due_at = clocks.waiting_ends(complaint, step.at, desk.info_wait_days)
    event = record(step, Action.INFO_REQUESTED, words=question, agency=complaint.current_agency)
    if complaint.is_part:
        event = part_words.asked(step, event)
    notices.tell_reporter(event, "complaint_question")
    return complaint


@transaction.atomic
def end_wait(*, complaint_id: int, actor: object, version: int | None = None, now: datetime | None = None) -> Complaint:
    """No answer came in time: back to the verifier, who decides. Silence never closes a case here."""
    step = begin("end_wait", complaint_id=complaint_id, actor=actor, version=version, now=now)
    legs.end_leg(step.complaint, step.at, reason=Reason.NO_ANSWER)
    step.complaint.end_wait(at=step.at)
    record_resumed(step, Action.WAIT_ENDED)
    return step.complaint


@transaction.atomic
def forward_complaint(
    *,
    complaint_id: int,
    agency: Agency,
    actor: User,
    version: int | None = None,
    note: str = "",
    now: datetime | None = None,
) -> Complaint:
    """Hand the case to an agency of the same region and start its clock. ``note`` is for staff only.

    After two returns only the arbiter may forward, and the agency may not return the case again.
    Raises ``ValidationError`` for an agency of another region or one that no longer exists.
    """
    step = begin("forward", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    officers = officers_there(complaint, agency, step.at)
    is_binding = complaint.return_count >= RETURNS_BEFORE_ARBITER
    complaint.forward(at=step.at, agency=agency, is_bound=is_binding)
    clocks.stop(complaint, {Clock.VERIFY, Clock.ARBITER}, step.at)
    leg = legs.open_leg(complaint, agency, step.at, is_binding=is_binding)
    clocks.set_next_due(complaint)
    event = record(step, Action.FORWARDED, note=note, agency=agency, leg=leg.pk, binding=is_binding)
    to_reporter = notices.to_reporter(event, "complaint_moved", status=complaint.status)
    followers = notices.to_followers(event, "complaint_moved")
    notifications.post([to_reporter, *followers, *notices.to_officers(event, "case_forwarded", officers)])
    return complaint


def officers_there(complaint: Complaint, agency: Agency, at: datetime) -> list[User]:
    """Who is told at the agency; the agency must be one of the region that exists on the day (one statement)."""
    today = at.astimezone(complaint.region.zone).date()
    officers = officers_of(agency, complaint=complaint, on=today)
    if officers is None:
        raise ValidationError({"agency": _("Choose an agency of this region.")}, code="invalid")
    # Checked just now, and read with the case: its calendar asks for nothing again.
    agency.region = complaint.region
    return officers


@transaction.atomic
def refer_out(
    *,
    complaint_id: int,
    actor: User,
    body: str,
    reason: str,
    explanation: str,
    number: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Pass the case to another body with its number there; the explanation goes to the reporter."""
    require_words("body", body, minimum=3)
    require_words("explanation", explanation)
    step = begin("refer_out", complaint_id=complaint_id, actor=actor, version=version, now=now)
    require_reason(step, "refer", reason)
    step.complaint.refer_out(at=step.at, reason=reason, body=body.strip(), number=number.strip())
    _finish(step)
    event = record(step, Action.REFERRED_OUT, words=explanation, reason=reason)
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    return step.complaint


@transaction.atomic
def mark_duplicate(
    *, complaint_id: int, parent: Complaint, actor: User, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Let the case follow an earlier one of the same region; neither reporter sees the other's words.

    Cases that followed this one follow the other from now on, so that nobody follows a case that leads on.
    Raises ``ValidationError`` when the parent is the case itself, a later one, a duplicate, rejected, or another
    region's.
    """
    # All of them, in one order: two officers who merge the same two cases crosswise must not leave both merged.
    touched = Q(pk__in=(complaint_id, parent.pk)) | Q(parent=complaint_id)
    rows = Complaint.objects.select_for_update(of=("self",)).filter(touched)
    statuses = dict(rows.order_by("pk").values_list("pk", "status"))
    step = begin("mark_duplicate", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    _require_fit(complaint, parent, statuses.get(parent.pk))
    legs.end_leg(complaint, step.at, reason=Reason.TAKEN_BACK)
    complaint.mark_duplicate(at=step.at, parent=parent)
    clocks.leave(complaint, step.at)
    complaint.next_due_at = None
    event = record(step, Action.MARKED_DUPLICATE, parent=parent.pk)
    for follower in Complaint.objects.whole().filter(parent=complaint).order_by("pk").values_list("pk", flat=True):
        _lead_on(step, follower, parent)
    notices.tell_reporter(event, "complaint_moved", status=complaint.status)
    return complaint


def _require_fit(complaint: Complaint, parent: Complaint, status: str | None) -> None:
    if status == Status.REJECTED:
        raise ValidationError({"parent": _("That complaint was rejected; no other can follow it.")}, code="rejected")
    is_elsewhere = parent.is_part or parent.region_id != complaint.region_id
    is_later = parent.pk == complaint.pk or parent.received_at > complaint.received_at
    if is_elsewhere or is_later or status == Status.DUPLICATE:
        raise ValidationError({"parent": _("Choose an earlier complaint that is not merged itself.")}, code="invalid")


def _lead_on(step: Step, follower_id: int, parent: Complaint) -> None:
    """Let a case that followed this one follow its parent; for its reporter nothing changes."""
    follower = lock(follower_id)
    follower.parent = parent
    moved = Step(follower, step.actor, step.at, follower.status)
    record(moved, Action.MARKED_DUPLICATE, is_public=False, parent=parent.pk, instead_of=step.complaint.pk)


@transaction.atomic
def reject_complaint(
    *,
    complaint_id: int,
    actor: User,
    reason: str,
    explanation: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """End a case that cannot be processed; the reporter reads why and may appeal."""
    require_words("explanation", explanation)
    step = begin("reject", complaint_id=complaint_id, actor=actor, version=version, now=now)
    require_reason(step, "reject", reason)
    legs.end_leg(step.complaint, step.at, reason=Reason.TAKEN_BACK)
    step.complaint.reject(at=step.at, reason=reason, by=actor)
    _finish(step)
    event = record(step, Action.REJECTED, words=explanation, reason=reason)
    notices.tell_reporter(event, "complaint_moved", status=step.complaint.status)
    return step.complaint


def _finish(step: Step) -> None:
    clocks.stop(step.complaint, ALL_CLOCKS, step.at)
    step.complaint.next_due_at = None

"""Merge cases and take a merge back: rights on both are needed, and the clocks go on as if it had never been."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.models import User
from workflows.models import ClockCycle, Complaint
from workflows.permissions import is_desk
from workflows.services import clocks, desk, notices
from workflows.services.clocks import Clock
from workflows.services.steps import begin, record
from workflows.states import Action, Status


@transaction.atomic
def merge_complaint(
    *, complaint_id: int, parent: Complaint, actor: User, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Let a case follow an earlier one. Raises ``PermissionDenied`` without rights on either of them."""
    _require_both(parent, actor)
    return desk.mark_duplicate(complaint_id=complaint_id, parent=parent, actor=actor, version=version, now=now)


@transaction.atomic
def unmerge_complaint(
    *, complaint_id: int, actor: User, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """Bring a merged case back to the desk. Its clocks go on from their own start; the merge gave no time."""
    step = begin("unmerge", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    parent = complaint.parent_id
    if complaint.parent is not None:
        _require_both(complaint.parent, actor)
    complaint.unmerge(at=step.at)
    for clock in left_clocks(complaint):
        clocks.take_up(complaint, clock, step.at)
    clocks.set_next_due(complaint)
    event = record(step, Action.UNMERGED, parent=parent)
    notices.tell_reporter(event, "complaint_moved", status=complaint.status)
    return complaint


def left_clocks(complaint: Complaint) -> list[ClockCycle]:
    """The clocks that the last merge stopped, as it left them; an agency's clock ended with its leg (two queries)."""
    merged = complaint.events.filter(action=Action.MARKED_DUPLICATE).exclude(before=Status.DUPLICATE)
    sequence = merged.order_by("-sequence").values_list("sequence", flat=True).first()
    if sequence is None:
        return []
    rows = complaint.clocks.filter(event_version=sequence, stopped_at__isnull=False).exclude(kind=Clock.LEG)
    return list(rows.select_related("policy"))


def _require_both(parent: Complaint, actor: User) -> None:
    seen = Complaint.objects.visible_to(actor).filter(pk=parent.pk).exists()
    if not (seen and is_desk(parent, actor)):
        raise PermissionDenied("merge")

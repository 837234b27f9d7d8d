"""Take a merge back: rights on both cases are needed, and the clocks go on as if it had never been."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.models import User
from workflows.models import Complaint
from workflows.permissions import is_desk
from workflows.services import clocks, desk, notices
from workflows.services.clocks import Clock
from workflows.services.steps import begin, record
from workflows.states import Action


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
    """Bring a merged case back to the desk. Its limits count from its own day of receipt; the merge gave no time."""
    step = begin("unmerge", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    parent = complaint.parent_id
    if complaint.parent is not None:
        _require_both(complaint.parent, actor)
    complaint.unmerge(at=step.at)
    for kind in (Clock.VERIFY, Clock.RESPOND, Clock.TOTAL):
        clocks.start(complaint, kind, complaint.received_at)
    clocks.redate(complaint, step.at)
    clocks.set_next_due(complaint)
    event = record(step, Action.UNMERGED, parent=parent)
    notices.tell_reporter(event, "complaint_moved", status=complaint.status)
    return complaint


def _require_both(parent: Complaint, actor: User) -> None:
    seen = Complaint.objects.visible_to(actor).filter(pk=parent.pk).exists()
    if not (seen and is_desk(parent, actor)):
        raise PermissionDenied("merge")

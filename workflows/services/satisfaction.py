"""Stars and two questions after a case was closed."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.models import Complaint, Leg, Satisfaction
from workflows.permissions import is_reporter
from workflows.services.steps import MoveNotAllowed, Step, lock, record
from workflows.states import Action, Status


@transaction.atomic
def rate_case(
    *,
    complaint_id: int,
    actor: object,
    stars: int,
    is_remedied: str,
    was_clear: str,
    now: datetime | None = None,
) -> Satisfaction:
    """Keep how the reporter judges this cycle of a closed case; judged again, the last word counts.

    Raises ``PermissionDenied`` for anybody else, ``MoveNotAllowed`` while the case is not closed, ``ValidationError``.
    """
    complaint = lock(complaint_id)
    if not is_reporter(complaint, actor):
        raise PermissionDenied("rate")
    if complaint.status != Status.CLOSED:
        raise MoveNotAllowed(complaint, "rate")
    at = now or timezone.now()
    values = {"stars": stars, "is_remedied": is_remedied, "was_clear": was_clear, "at": at}
    row = Satisfaction.objects.filter(complaint=complaint, cycle=complaint.cycle).first()
    row = row or Satisfaction(complaint=complaint, cycle=complaint.cycle, agency_id=answered_by(complaint))
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["complaint", "agency"])
    if not 1 <= stars <= 5:
        raise ValidationError({"stars": _("Choose one to five stars.")}, code="range")
    row.save()
    record(Step(complaint, actor, at, complaint.status), Action.RATED, stars=stars)
    return row


def answered_by(complaint: Complaint) -> int | None:
    """The agency whose answer is judged: the last one that answered, else nobody (the desk answered by itself)."""
    legs = Leg.objects.filter(complaint=complaint, answered_at__isnull=False).order_by("-answered_at")
    return legs.values_list("agency_id", flat=True).first()

"""Closed cases that wait for a second look, and who may not take it."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.models import Region, User
from workflows.models import Complaint, ComplaintEvent, Message, SampledCase
from workflows.states import Action, Status

# Of one list; the next ones follow as soon as these are looked at.
MOST_LISTED = 50
# Writing these does not make anybody responsible for how a case was handled.
NOT_HANDLING = (Action.NOTE, Action.SAMPLE_CHECKED, Action.CONFLICT_NAMED)
STILL_CLOSED = Q(complaint__status=Status.CLOSED, cycle=F("complaint__cycle"))
# What counts as drawn: not a cycle that went on before anybody looked.
COUNTED = STILL_CLOSED | ~Q(finding="")
ANSWERS = (Action.FOLLOWED_UP, Action.PARTS_ANSWERED, Action.CLOSED)


def samples_of(user: User, region: Region, finding: str) -> list[SampledCase]:
    """Closed cases of the region the person may see, with this finding or (empty) none yet; the oldest first (one
    query). ``is_own`` tells which ones the person has handled."""
    rows = SampledCase.objects.filter(STILL_CLOSED, finding=finding, complaint__region=region)
    rows = rows.filter(complaint__in=Complaint.objects.visible_to(user))
    handled = _handling(user, OuterRef("complaint"))
    rows = rows.annotate(is_own=Exists(handled)).select_related("complaint__current_agency", "complaint__region")
    return list(rows.defer("complaint__body").order_by("at", "pk")[:MOST_LISTED])


def sample_behind(complaint: Complaint) -> SampledCase | None:
    """What waits to be said about this cycle of a closed case (one query)."""
    if complaint.status != Status.CLOSED:
        return None
    return SampledCase.objects.filter(complaint=complaint, cycle=complaint.cycle, finding="").first()


def has_handled(user: User, complaint: Complaint) -> bool:
    """Whether the person has ever moved the case or a part of it, answered it or written to its reporter."""
    return complaint.handled_by_id == user.pk or _handling(user, complaint.pk).exists()


def last_answer(complaint: Complaint) -> Message | None:
    """What the reporter was told at the end."""
    said = Message.objects.filter(complaint=complaint, is_public=True, event__action__in=ANSWERS)
    return said.order_by("-event__sequence").first()


def _handling(user: User, case: Any) -> QuerySet[ComplaintEvent]:
    of_case = Q(complaint=case) | Q(complaint__part_of__whole=case)
    return ComplaintEvent.objects.filter(of_case, actor=user).exclude(action__in=NOT_HANDLING).order_by()

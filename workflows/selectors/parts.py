"""The parts of a case that is split among agencies."""

from django.db.models import Q, QuerySet

from workflows.models import CasePart, Complaint
from workflows.states import ANSWERED_STATUSES, OPEN_STATUSES, Status


def whole_of(part: Complaint) -> int:
    """The id of the case a part belongs to (one query)."""
    return CasePart.objects.values_list("whole", flat=True).get(part=part)


def parts_of(whole: int) -> QuerySet[Complaint]:
    return Complaint.objects.filter(part_of__whole=whole).order_by("pk")


def open_parts(whole: Complaint) -> QuerySet[Complaint]:
    """Parts that nobody has answered yet."""
    return parts_of(whole.pk).filter(status__in=OPEN_STATUSES)


def parts_to_end() -> QuerySet[Complaint]:
    """Answered parts whose case has gone on: closed, under review, or with the desk again."""
    answered = Complaint.objects.filter(part_of__isnull=False, status=Status.FOLLOWED_UP)
    waiting = Q(part_of__whole__status=Status.IN_PROGRESS, part_of__whole__current_agency__isnull=True)
    return answered.exclude(Q(part_of__whole__status=Status.FOLLOWED_UP) | waiting)


def was_answered(whole: Complaint) -> bool:
    """Whether some part of the running cycle has an answer."""
    return parts_of(whole.pk).filter(cycle=whole.cycle, status__in=ANSWERED_STATUSES).exists()

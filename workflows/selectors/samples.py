"""Closed cases that wait for a second look, and who may not take it."""

from collections.abc import Sequence
from operator import attrgetter

from django.db.models import Exists, F, OuterRef, Q

from core.models import Region, User
from workflows.models import Complaint, ComplaintEvent, Message, SampledCase
from workflows.states import Action, Status

# Of one list; the next ones follow as soon as these are looked at.
MOST_LISTED = 50
# What somebody has handled is left to others; so many are read to find enough that they have not.
MOST_READ = 500
# Writing these does not make anybody responsible for how a case was handled.
NOT_HANDLING = (Action.NOTE, Action.SAMPLE_CHECKED, Action.CONFLICT_NAMED)
# What counts as drawn: not a cycle that went on before anybody looked.
COUNTED = Q(complaint__status=Status.CLOSED, cycle=F("complaint__cycle")) | ~Q(finding="")
ANSWERS = (Action.FOLLOWED_UP, Action.PARTS_ANSWERED, Action.CLOSED)


def samples_of(user: User, region: Region, finding: str) -> Sequence[SampledCase]:
    """Closed cases of the region the person may see, with this finding or (empty) none yet (one query).

    The oldest first, and last those the person has handled: ``is_own`` tells.
    """
    # Asked per sample: along the samples that wait, not along all closed cases.
    closed = Complaint.objects.visible_to(user).filter(region=region, status=Status.CLOSED)
    closed = closed.filter(pk=OuterRef("complaint"), cycle=OuterRef("cycle"))
    rows = SampledCase.objects.filter(Exists(closed), finding=finding)
    rows = rows.annotate(is_own=_handled(user, OuterRef("complaint"))).defer("complaint__body").order_by("at", "pk")
    found = rows.select_related("complaint__current_agency", "complaint__region")[:MOST_READ]
    return sorted(found, key=attrgetter("is_own"))[:MOST_LISTED]


def sample_behind(complaint: Complaint) -> SampledCase | None:
    """What waits to be said about this cycle of a closed case (one query)."""
    if complaint.status != Status.CLOSED:
        return None
    return SampledCase.objects.filter(complaint=complaint, cycle=complaint.cycle, finding="").first()


def has_handled(user: User, complaint: Complaint) -> bool:
    """Whether the person has ever moved the case or a part of it, answered it or written to its reporter."""
    if complaint.handled_by_id == user.pk:
        return True
    return Complaint.objects.filter(_handled(user, OuterRef("pk")), pk=complaint.pk).exists()


def last_answer(complaint: Complaint) -> Message | None:
    """What the reporter was told at the end."""
    said = Message.objects.filter(complaint=complaint, is_public=True, event__action__in=ANSWERS)
    return said.order_by("-event__sequence").first()


def _handled(user: User, case: OuterRef) -> Q:
    """Two look-ups by key: one condition over both would read every event there is."""
    own = ComplaintEvent.objects.filter(actor=user).exclude(action__in=NOT_HANDLING).order_by()
    return Q(Exists(own.filter(complaint=case))) | Q(Exists(own.filter(complaint__part_of__whole=case)))

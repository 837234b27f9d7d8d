"""Who has answered, closed or rejected a case, in any cycle: somebody else reviews it."""

from core.models import User
from workflows.permissions import DESK_ROLES
from workflows.states import Action

from .events import ComplaintEvent
from .publicity import ConflictOfInterest

HANDLING = (Action.FOLLOWED_UP, Action.CLOSED, Action.REJECTED)


def handlers_of(complaint_id: int) -> frozenset[int]:
    """People by id who did so with the case or with a part of it (one query of two look-ups)."""
    done = ComplaintEvent.objects.filter(action__in=HANDLING, actor__isnull=False).order_by().values_list("actor")
    found = done.filter(complaint=complaint_id).union(done.filter(complaint__part_of__whole=complaint_id))
    return frozenset(pk for (pk,) in found)


def has_other_reviewer(complaint_id: int, region_id: int, handlers: frozenset[int]) -> bool:
    """Whether the region's desk has anybody else whom the case is not about (a query, and one for each asked)."""
    desk = User.objects.filter(role_assignments__role__in=DESK_ROLES, role_assignments__region=region_id)
    others = desk.filter(is_active=True).exclude(pk__in=handlers).distinct()
    named = ConflictOfInterest.objects.filter(complaint=complaint_id)
    return any(not named.of(person).exists() for person in others)

"""The staff queue: what somebody sees, whose turn it is, and how much waits."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.models import Agency, User
from core.permissions import Role, Scope, scope_of
from workflows.models import Complaint
from workflows.permissions import DESK_ROLES
from workflows.states import AGENCY_STATUSES, FINAL_STATUSES, OPEN_STATUSES, REPORTER_STATUSES, Status

TURN, OPEN, WAITING, ENDED, ALL = "turn", "open", "waiting", "ended", "all"
TABS = (TURN, OPEN, WAITING, ENDED, ALL)
DESK_TURN = (Status.RECEIVED, Status.VERIFIED, Status.IN_REVIEW)


def my_turn(scope: Scope) -> Q:
    """Cases whose next move belongs to this person; a superuser has the turn of everybody in the house."""
    desk = Q(status__in=DESK_TURN) & scope.region_q(DESK_ROLES)
    held = Q(status__in=AGENCY_STATUSES) & scope.agency_q({Role.LIAISON}, prefix="current_agency__")
    held_back = Q(status=Status.ON_HOLD) & scope.agency_q({Role.AGENCY_HEAD}, prefix="current_agency__")
    return desk | held | held_back


def tab_q(tab: str, scope: Scope) -> Q:
    """The rows of one tab of the queue."""
    return {
        TURN: my_turn(scope),
        OPEN: Q(status__in=OPEN_STATUSES),
        WAITING: Q(status__in=REPORTER_STATUSES),
        ENDED: Q(status__in=FINAL_STATUSES),
    }.get(tab, Q())


def tab_counts(user: User) -> dict[str, int]:
    """How many visible cases stand under each tab (one query)."""
    scope = scope_of(user)
    counts = {tab: Count("pk", filter=tab_q(tab, scope)) if tab != ALL else Count("pk") for tab in TABS}
    found = Complaint.objects.visible_to(user).order_by().aggregate(**counts)
    user.__dict__["_waiting"] = found[TURN]
    return found


def waiting_for(user: User) -> int:
    """How many cases wait for this person, for the menu (one query, none where the tabs were counted)."""
    if "_waiting" in user.__dict__:
        return user.__dict__["_waiting"]
    return Complaint.objects.visible_to(user).filter(my_turn(scope_of(user))).order_by().count()


def queue_for(user: User, *, tab: str, filters: dict[str, Any], now: datetime) -> QuerySet[Complaint]:
    """Visible cases under a tab and the filters, due first; each row needs no further query."""
    cases = Complaint.objects.visible_to(user).filter(tab_q(tab, scope_of(user)), _filtered(user, filters, now))
    related = ("region", "current_agency__region", "category", "assignee", "district")
    cases = cases.select_related(*related).defer("body")
    return cases.order_by("-received_at", "-pk") if tab in (ENDED, ALL) else cases.due_first()


def _filtered(user: User, filters: dict[str, Any], now: datetime) -> Q:
    wanted = Q()
    if filters.get("status"):
        wanted &= Q(status=filters["status"])
    if filters.get("agency"):
        wanted &= Q(current_agency__path__startswith=filters["agency"].path)
    if filters.get("category"):
        wanted &= Q(category__code=filters["category"])
    if filters.get("overdue"):
        wanted &= Q(next_due_at__lt=now) & ~Q(status__in=FINAL_STATUSES)
    if filters.get("mine"):
        wanted &= Q(assignee=user)
    for word in filters.get("q", "").split()[:8]:
        wanted &= Q(reference__icontains=word) | Q(title__icontains=word) | Q(body__icontains=word)
    return wanted


def standing_counts(user: User, now: datetime, day_ends: datetime) -> dict[str, int]:
    """Late, due today and waiting among the cases whose turn it is (one query)."""
    mine = Complaint.objects.visible_to(user).filter(my_turn(scope_of(user))).order_by()
    return mine.aggregate(
        late=Count("pk", filter=Q(next_due_at__lt=now)),
        today=Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lte=day_ends)),
        waiting=Count("pk"),
    )


def agencies_in_queue(user: User) -> QuerySet[Agency]:
    """Agencies to filter by: those the person holds a role on, as a tree."""
    return Agency.objects.visible_to(user).in_tree_order()

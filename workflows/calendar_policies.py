"""Who may change calendars, office hours and time limits: regional administrators, in their own region.

National rows touch every region of the installation, so they need a superuser or somebody who administers all
regions that have a site; where there is one regency, that is its administrator. Everybody with a role reads.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from core.models import Region, User
from core.permissions import ALL_ROLES, Role, Scope, scope_of
from core.policies import ADMIN, ScopedPolicy

if TYPE_CHECKING:
    from workflows.models import CalendarProposal

# Rows are superseded, never deleted: earlier dates must stay explainable.
READING = {"view": ALL_ROLES}
CALENDAR_ACTIONS = {"view": ALL_ROLES, "add": ADMIN, "change": ADMIN}
LIMIT_ACTIONS = {**CALENDAR_ACTIONS, "supersede": ADMIN}


def administered_regions(user: User) -> QuerySet[Region]:
    return Region.objects.filter(scope_of(user).region_q(ADMIN, field="pk"))


def may_change_national(user: User) -> bool:
    """Whether the person answers for every region that works with this installation."""
    scope = scope_of(user)
    if not scope.has_any(ADMIN):
        return False
    others = Region.objects.filter(site__isnull=False).exclude(scope.region_q(ADMIN, field="pk"))
    return scope.is_superuser or not others.exists()


# The desk brings a decree in; an administrator answers for it.
PROPOSERS = ADMIN | {Role.VERIFIER}


def desk_regions(user: User) -> QuerySet[Region]:
    """Regions on whose desk the person works."""
    return Region.objects.filter(scope_of(user).region_q(PROPOSERS, field="pk"))


def may_propose_national(user: User) -> bool:
    scope = scope_of(user)
    return may_change_national(user) or (scope.has_any(PROPOSERS) and not _foreign_regions(scope))


def may_propose_calendar(proposal: CalendarProposal, user: User) -> bool:
    """The desk of the region; for the whole country whoever has a desk role anywhere."""
    scope = scope_of(user)
    if proposal.region_id is None:
        return may_propose_national(user)
    return scope.covers_region(PROPOSERS, proposal.region_id)


def may_decide_calendar(proposal: CalendarProposal, user: User) -> bool:
    """An administrator of what the change touches, and never the person who proposed it."""
    if proposal.proposed_by_id == user.pk:
        return False
    if proposal.region_id is None:
        return may_change_national(user)
    return scope_of(user).covers_region(ADMIN, proposal.region_id)


def _foreign_regions(scope: Scope) -> bool:
    """Whether a region with a site lies beyond the person's desk."""
    return Region.objects.filter(site__isnull=False).exclude(scope.region_q(PROPOSERS, field="pk")).exists()


class CalendarPolicy(ScopedPolicy):
    """Reading follows ``visible_to``, changing the regions a person administers."""

    def instances_user_has_any_permission_for(self, user: User, actions: Collection[str]) -> QuerySet:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        rows = self.model._default_manager.visible_to(user)
        return rows if "view" in actions else rows.filter(self.changeable(user))

    def changeable(self, user: User) -> Q:
        own = scope_of(user).region_q(ADMIN)
        return own | Q(region__isnull=True) if may_change_national(user) else own & Q(region__isnull=False)


class ProposalPolicy(CalendarPolicy):
    """A proposal is read by whoever reads the calendars it would change; who proposes and decides stands above."""


class LimitPolicy(CalendarPolicy):
    """A version in use is only superseded; one that was superseded is closed."""

    def instances_user_has_any_permission_for(self, user: User, actions: Collection[str]) -> QuerySet:
        rows = super().instances_user_has_any_permission_for(user, actions)
        if "view" in actions:
            return rows
        current = rows.filter(valid_until__isnull=True)
        return current if "supersede" in actions else current.filter(used_at__isnull=True)

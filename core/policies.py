"""Wagtail's permission question answered from role scopes: one rule for lists and for instances.

An instance may be touched exactly when it is in the queryset of the same action, so a list and
the screens behind it cannot disagree. No Django permission rows are involved.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from core.models import User
from core.models.people import PEOPLE_MANAGERS, PEOPLE_READERS
from core.permissions import ALL_ROLES, Role, Scope, scope_of

ADMIN = frozenset({Role.REGIONAL_ADMIN})


class ScopedPolicy(BasePermissionPolicy):
    """Actions by role on rows that belong to an agency, reached by ``prefix`` (``"agency__"``)."""

    def __init__(self, model: type[Model], actions: Mapping[str, Collection[str]], *, prefix: str = ""):
        super().__init__(model)
        self.actions, self.prefix = actions, prefix

    def roles(self, actions: Collection[str]) -> frozenset[str]:
        return frozenset(role for action in actions for role in self.actions.get(action, ()))

    def rows(self, scope: Scope, roles: frozenset[str]) -> Q:
        return scope.agency_q(roles, prefix=self.prefix)

    def user_has_permission(self, user: User, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: User, actions: Collection[str]) -> bool:
        return scope_of(user).has_any(self.roles(actions))

    def instances_user_has_any_permission_for(self, user: User, actions: Collection[str]) -> QuerySet:
        return self.model._default_manager.filter(self.rows(scope_of(user), self.roles(actions)))

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(self, user: User, actions: Collection[str], instance: Any) -> bool:
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        holders = Q(is_superuser=True) | Q(role_assignments__role__in=self.roles(actions))
        return User.objects.filter(holders, is_active=True).distinct()


class RegionPolicy(ScopedPolicy):
    """Regions are made by a superuser; an administrator changes the own one."""

    def rows(self, scope: Scope, roles: frozenset[str]) -> Q:
        return scope.region_q(roles, field="pk")


class StaffPolicy(ScopedPolicy):
    """People: who may be seen, and whose every role lies inside what somebody administers."""

    def instances_user_has_any_permission_for(self, user: User, actions: Collection[str]) -> QuerySet[User]:
        if not self.user_has_any_permission(user, actions):
            return User.objects.none()
        if "view" in actions:
            return User.objects.visible_to(user)
        return User.objects.manageable_by(user)


AGENCY_ACTIONS = {"view": ALL_ROLES, "add": ADMIN, "change": ADMIN, "delete": ADMIN}
# An editor chooses or creates the service before writing its page.
SERVICE_ACTIONS = {
    "view": ALL_ROLES,
    "add": ADMIN | {Role.EDITOR},
    "change": ADMIN | {Role.EDITOR},
    "delete": ADMIN,
}
REGION_ACTIONS = {"view": ADMIN | {Role.AUDITOR}, "change": ADMIN}
# Accounts are switched off, not deleted: their names stand in the histories of cases.
STAFF_ACTIONS = {"view": PEOPLE_READERS, "add": PEOPLE_MANAGERS, "change": PEOPLE_MANAGERS}

"""Who changes instruments and who sees published results.

Instruments: administrators, in their own region; national ones belong to the installation.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from core.models import User
from core.permissions import Scope, scope_of
from core.policies import ADMIN, ScopedPolicy
from surveys.models import InstrumentVersion


class InstrumentPolicy(ScopedPolicy):
    """Reading follows ``visible_to``; a version in use is read only, whoever asks."""

    def instances_user_has_any_permission_for(self, user: User, actions: Collection[str]) -> QuerySet:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        rows = self.model._default_manager.visible_to(user)
        if "view" in actions:
            return rows
        if self.model is InstrumentVersion:
            rows = rows.filter(is_locked=False)
        return rows.filter(scope_of(user).region_q(ADMIN))


class ResultPolicy(ScopedPolicy):
    """Results of the own agencies, and of the region for those with a role over all of it."""

    def rows(self, scope: Scope, roles: frozenset[str]) -> Q:
        return super().rows(scope, roles) | scope.region_q(roles)

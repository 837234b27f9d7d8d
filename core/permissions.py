"""Who may do what where: roles as data, each with a scope.

Covers the scope arithmetic every visibility rule builds on. Leaves out what an app allows
inside a scope; that stands in the app's own ``permissions.py`` as ``may_…(obj, user)``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.models import Agency, User


class Role(TextChoices):
    REGIONAL_ADMIN = "regional_admin", _("Regional administrator")
    EDITOR = "editor", _("Communications editor")
    VERIFIER = "verifier", _("Verifier / coordinator")
    LIAISON = "liaison", _("Agency liaison officer")
    AGENCY_HEAD = "agency_head", _("Agency head")
    AUDITOR = "auditor", _("Auditor")


ALL_ROLES = frozenset(Role)
# An auditor reads everything and changes nothing.
WRITING_ROLES = frozenset(Role) - {Role.AUDITOR}


@dataclass(frozen=True)
class Grant:
    """One role over a region (``region_id``) or over an agency's subtree (``path``)."""

    role: str
    region_id: int | None
    path: str | None

    def covers(self, agency: Agency) -> bool:
        if self.region_id is not None:
            return agency.region_id == self.region_id
        return self.path is not None and agency.path.startswith(self.path)


@dataclass(frozen=True)
class Scope:
    """Everything a person was granted; a superuser's scope is the whole installation."""

    is_superuser: bool
    grants: tuple[Grant, ...] = ()

    def _with(self, roles: Collection[str]) -> list[Grant]:
        return [grant for grant in self.grants if grant.role in roles]

    def has_any(self, roles: Collection[str]) -> bool:
        return self.is_superuser or bool(self._with(roles))

    def covers(self, roles: Collection[str], agency: Agency) -> bool:
        """Whether one of the roles is held over this agency."""
        return self.is_superuser or any(grant.covers(agency) for grant in self._with(roles))

    def covers_region(self, roles: Collection[str], region_id: int) -> bool:
        """Whether one of the roles is held over the whole region."""
        return self.is_superuser or any(grant.region_id == region_id for grant in self._with(roles))

    def agency_q(self, roles: Collection[str], prefix: str = "") -> Q:
        """Filter for rows whose agency (reached by ``prefix``, e.g. ``"agency__"``) is covered.

        Without a matching grant the filter matches nothing.
        """
        if self.is_superuser:
            return Q()
        matched = Q(pk__in=[])  # matches nothing, so that a person without a grant sees nothing
        for grant in self._with(roles):
            if grant.region_id is not None:
                matched |= Q(**{f"{prefix}region_id": grant.region_id})
            else:
                matched |= Q(**{f"{prefix}path__startswith": grant.path})
        return matched

    def region_q(self, roles: Collection[str], field: str = "region_id") -> Q:
        """Filter for rows of regions over which one of the roles is held as a whole."""
        if self.is_superuser:
            return Q()
        ids = [grant.region_id for grant in self._with(roles) if grant.region_id is not None]
        return Q(**{f"{field}__in": ids})


NO_SCOPE = Scope(is_superuser=False)


def scope_of(user: User | AnonymousUser) -> Scope:
    """The person's scope, read once per user object (one query)."""
    if not user.is_authenticated or not user.is_active:
        return NO_SCOPE
    cached = getattr(user, "_scope", None)
    return cached if cached is not None else _read_scope(user)


def know_scope(user: User, rows: Iterable[tuple[str, int | None, str | None]]) -> Scope:
    """Keep the scope of a person whose roles have been read; rows of role, region and path of the agency."""
    user._scope = Scope(is_superuser=user.is_superuser, grants=tuple(Grant(*row) for row in rows))  # type: ignore[attr-defined]
    return user._scope  # type: ignore[attr-defined]


def _read_scope(user: User) -> Scope:
    return know_scope(user, user.role_assignments.values_list("role", "region_id", "agency__path"))

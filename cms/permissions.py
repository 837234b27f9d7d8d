"""Who approves which page. Editing itself is Wagtail's, through the section rights of `sync_roles`."""

from typing import TYPE_CHECKING

from core.models import User
from core.permissions import Role, scope_of

if TYPE_CHECKING:
    from core.models import Agency, Region

APPROVING_ROLES = frozenset({Role.AGENCY_HEAD, Role.REGIONAL_ADMIN})


def may_approve(*, agency: "Agency | None", region: "Region | None", user: User) -> bool:
    """Whether the person decides on a page of this agency; outside every section only the region decides."""
    scope = scope_of(user)
    if agency is not None:
        return scope.covers(APPROVING_ROLES, agency)
    if region is not None:
        return scope.covers_region({Role.REGIONAL_ADMIN}, region.pk)
    return scope.is_superuser

"""Whose figures somebody answers for."""

from __future__ import annotations

from core.models import Agency, Region, User
from core.permissions import scope_of


def subject_of(user: User) -> Agency | Region | None:
    """A region, or the topmost agency of a role; for a superuser the first region that has a site."""
    scope = scope_of(user)
    regions = [grant.region_id for grant in scope.grants if grant.region_id]
    if regions:
        return Region.objects.get(pk=regions[0])
    paths = sorted((grant.path for grant in scope.grants if grant.path), key=len)
    if paths:
        return Agency.objects.select_related("region").get(path=paths[0])
    return Region.objects.filter(site__isnull=False).order_by("pk").first() if scope.is_superuser else None

"""Which internal surveys wait for a person."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from core.models import Region, Service, User
from core.permissions import scope_of
from surveys.models import Survey


def internal_surveys(user: User) -> list[Survey]:
    """Open surveys among the civil servants of the regions a person works for; three queries."""
    scope, homes = scope_of(user), Q(agencies=user.agency_id) if user.agency_id else Q(pk__in=[])
    surveys = Survey.objects.open().filter(audience=Service.Audience.INTERNAL)
    if not scope.is_superuser:
        regions = [grant.region_id for grant in scope.grants if grant.region_id]
        paths = [Q(agencies__path=grant.path) for grant in scope.grants if grant.path]
        wanted = reduce(or_, paths, homes | Q(pk__in=regions))
        surveys = surveys.filter(agency__region__in=list(Region.objects.filter(wanted).values_list("pk", flat=True)))
    return list(
        surveys.select_related("current_version", "agency__region", "service", "page").order_by("agency__name", "title")
    )

"""Who is told at an agency that gets a case."""

from datetime import date

from django.db.models import F, FilteredRelation, Q

from core.models import Agency, User
from core.permissions import Role


def officers_of(agency: Agency, *, region_id: int, on: date) -> list[User] | None:
    """Active liaison officers of the agency; None when it is no agency of the region on that day (one statement)."""
    liaison = FilteredRelation("role_assignments", condition=Q(role_assignments__role=Role.LIAISON))
    rows = Agency.objects.active(on).filter(pk=agency.pk, region=region_id).annotate(liaison=liaison)
    found = rows.values_list("liaison__user_id", "liaison__user__email", "liaison__user__is_active").distinct()
    people = list(found.order_by(F("liaison__user_id").asc(nulls_last=True)))
    if not people:
        return None
    return [User(pk=pk, email=email) for pk, email, is_active in people if is_active and email]

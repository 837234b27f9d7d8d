"""Who is told at an agency that gets a case."""

from datetime import date

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from core.models import Agency, User
from core.permissions import Role
from workflows.models import Complaint, ConflictOfInterest


def officers_of(agency: Agency, *, complaint: Complaint, on: date) -> list[User] | None:
    """Active liaison officers of the agency whom the case is not about (one statement).

    None when it is no agency of the region on that day, or an office the case is about.
    """
    named = ConflictOfInterest.objects.filter(complaint=complaint)
    about = named.filter(agency__in=[int(pk) for pk in agency.path.strip("/").split("/") if pk])
    liaison = FilteredRelation("role_assignments", condition=Q(role_assignments__role=Role.LIAISON))
    there = Agency.objects.active(on).filter(pk=agency.pk, region=complaint.region_id).exclude(Exists(about))
    rows = there.annotate(liaison=liaison, is_named=Exists(named.filter(user=OuterRef("liaison__user_id"))))
    fields = ("liaison__user_id", "liaison__user__email", "liaison__user__is_active", "is_named")
    found = rows.values_list(*fields).distinct()
    people = list(found.order_by(F("liaison__user_id").asc(nulls_last=True)))
    if not people:
        return None
    return [
        User(pk=pk, email=email) for pk, email, is_active, is_named in people if is_active and email and not is_named
    ]

"""Keep a list under a name: for oneself, or for everybody of a region."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import Region, User
from core.permissions import scope_of
from workflows.models import CaseReading, Complaint, SavedFilter
from workflows.permissions import DESK_ROLES

MOST_FILTERS = 30


@transaction.atomic
def save_filter(*, user: User, name: str, query: str, region: Region | None = None) -> SavedFilter:
    """Keep a query string; the same name again replaces it. Sharing is for the region's desk.

    Raises ``PermissionDenied``, and ``ValidationError`` when a person or region has too many.
    """
    if region is not None and not scope_of(user).covers_region(DESK_ROLES, region.pk):
        raise PermissionDenied("share a filter")
    whose = {"region": region, "owner": None} if region else {"owner": user, "region": None}
    own = SavedFilter.objects.filter(**whose)
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise ValidationError(_("There are too many saved filters. Delete one first."), code="too_many")
    return SavedFilter.objects.update_or_create(name=name, **whose, defaults={"query": query})[0]


@transaction.atomic
def delete_filter(*, user: User, pk: int) -> None:
    """Delete an own filter, or a shared one of a desk the person works at. Raises ``SavedFilter.DoesNotExist``."""
    row = SavedFilter.objects.visible_to(user).get(pk=pk)
    if row.region_id is not None and not scope_of(user).covers_region(DESK_ROLES, row.region_id):
        raise PermissionDenied("delete a shared filter")
    SavedFilter.objects.filter(pk=row.pk).delete()


def mark_read(*, user: User, complaints: list[Complaint]) -> None:
    """Remember how far a person has read cases (one statement)."""
    rows = [CaseReading(user=user, complaint=case, version=case.version) for case in complaints]
    unique = ["user", "complaint"]
    CaseReading.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["version"])

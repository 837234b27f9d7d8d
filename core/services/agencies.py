"""Changes to an agency that touch its subtree or its history of names."""

from datetime import date

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from core.models import Agency, AgencyName


@transaction.atomic
def save_agency(agency: Agency) -> Agency:
    """Save an agency, keep the path of its whole subtree and start its name history.

    Raises ``ValueError`` when the new parent lies inside the agency's own subtree.
    """
    created = agency.pk is None
    old_path = agency.path
    if agency.parent and old_path and agency.parent.path.startswith(old_path):
        raise ValueError("an agency cannot be moved below itself")
    agency.save()
    _refresh_path(agency, old_path)
    if created:
        AgencyName.objects.create(
            agency=agency, name=agency.name, short_name=agency.short_name, valid_from=agency.active_from
        )
    return agency


def _refresh_path(agency: Agency, old_path: str) -> None:
    path = f"{agency.parent.path if agency.parent else '/'}{agency.pk}/"
    if path == old_path:
        return
    if old_path:
        below = Agency.objects.filter(path__startswith=old_path).exclude(pk=agency.pk)
        below.update(path=Concat(Value(path), Substr(F("path"), len(old_path) + 1)))
    agency.path = path
    agency.save(update_fields=["path"])


@transaction.atomic
def rename_agency(*, agency: Agency, name: str, short_name: str, on: date) -> Agency:
    """Give an agency a new name from a day on; the old name stays in its history."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if (agency.name, agency.short_name) == (name, short_name):
        return agency
    agency.names.filter(valid_until__isnull=True).update(valid_until=on)
    AgencyName.objects.create(agency=agency, name=name, short_name=short_name, valid_from=on)
    agency.name, agency.short_name = name, short_name
    agency.save(update_fields=["name", "short_name"])
    return agency

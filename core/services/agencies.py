"""Changes to an agency that touch its subtree or its history of names."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Agency, AgencyName

WEEK_IS_PROPOSED = gettext_lazy("Open cases count by this. Propose another working week under Deadlines, Office hours.")


@transaction.atomic
def save_agency(agency: Agency, *, renamed_on: date | None = None) -> Agency:
    """Save an agency, keep the path of its whole subtree and its history of names.

    A changed name starts a new entry of the history on ``renamed_on``; without that day the
    current entry is corrected, as for a slip of the pen. Raises ``ValidationError`` when the
    new parent lies inside the agency's own subtree, in another region, or the day is too early, and for another
    working week: open cases count by it, so it changes from a day on and by a proposal that a second person approves.
    """
    stored = Agency.objects.select_for_update().filter(pk=agency.pk).first() if agency.pk else None
    _check_parent(agency, stored)
    _check_week(agency, stored)
    agency.save()
    _refresh_path(agency, stored.path if stored else "")
    _refresh_names(agency, stored, renamed_on)
    return agency


def _check_parent(agency: Agency, stored: Agency | None) -> None:
    if agency.parent is None:
        return
    if agency.parent.region_id != agency.region_id:
        raise ValidationError({"parent": _("The parent agency belongs to another region.")})
    if stored and agency.parent.path.startswith(stored.path):
        raise ValidationError({"parent": _("An agency cannot be moved below itself.")})


def _check_week(agency: Agency, stored: Agency | None) -> None:
    habits = {"working_week", "joint_leave_observed"}
    changed = {name for name in habits if stored and getattr(stored, name) != getattr(agency, name)}
    if changed:
        raise ValidationError(dict.fromkeys(sorted(changed), WEEK_IS_PROPOSED))


def _refresh_path(agency: Agency, old_path: str) -> None:
    path = f"{agency.parent.path if agency.parent else '/'}{agency.pk}/"
    if path == old_path:
        return
    if old_path:
        below = Agency.objects.filter(path__startswith=old_path).exclude(pk=agency.pk)
        below.update(path=Concat(Value(path), Substr(F("path"), len(old_path) + 1)))
    agency.path = path
    agency.save(update_fields=["path"])


def _refresh_names(agency: Agency, stored: Agency | None, renamed_on: date | None) -> None:
    names = {"name": agency.name, "short_name": agency.short_name}
    if stored is None:
        AgencyName.objects.create(agency=agency, valid_from=agency.active_from, **names)
        return
    if (stored.name, stored.short_name) == (agency.name, agency.short_name):
        return
    current = agency.names.get(valid_until__isnull=True)
    if renamed_on is None:
        agency.names.filter(pk=current.pk).update(**names)
        return
    if current.valid_from and renamed_on <= current.valid_from:
        raise ValidationError({"name": _("The new name must start after the day the present one started.")})
    agency.names.filter(pk=current.pk).update(valid_until=renamed_on)
    AgencyName.objects.create(agency=agency, valid_from=renamed_on, **names)


@transaction.atomic
def rename_agency(*, agency: Agency, name: str, short_name: str, on: date) -> Agency:
    """Give an agency a new name from a day on; the old name stays in its history."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    agency.name, agency.short_name = name, short_name
    return save_agency(agency, renamed_on=on)

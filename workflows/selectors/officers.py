"""Who is told at an agency that gets a case."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from core.keeping import Shelf
from core.models import Agency, User
from core.permissions import Role
from core.statements import Reading
from workflows.models import Complaint, ConflictOfInterest


def officers_of(agency: Agency, *, complaint: Complaint, on: date) -> list[User] | None:
    """Active liaison officers of the agency whom the case is not about (one statement).

    None when it is no agency of the region on that day, or an office the case is about.
    """
    key = agency.path, on
    reading = _kept.kept(key, lambda: Reading(partial(_there, agency.path, on), int, int, int))
    found = reading.all(agency.pk, complaint.region_id, complaint.pk)
    if not found:
        return None
    told = (row for row in found if row.is_at_work and row.address and not row.is_named)
    return [User(pk=row.officer, email=row.address) for row in told]


class Unattended(NamedTuple):
    """Agencies of whose officers nobody would be told, and of which cases where many are sent at once."""

    agencies: list[Agency]
    cases: Sequence[Complaint] = ()


def unattended_among(ids: Collection[int], *, complaint: Complaint, on: date) -> Unattended | None:
    """Which of these agencies have nobody to be told; None where each has (one query, and one more for each)."""
    agencies = Agency.objects.filter(region=complaint.region_id, pk__in=ids).order_by("name")
    found = [agency for agency in agencies if officers_of(agency, complaint=complaint, on=on) == []]
    return Unattended(found) if found else None


def unattended_cases(ids: Collection[int], *, complaints: Sequence[Complaint], now: datetime) -> Unattended | None:
    """The same for many cases at once; None where somebody is told of each.

    Only a case that is about somebody is asked about by itself: of all others of a region the same people are told.
    """
    named = ConflictOfInterest.objects.filter(complaint__in=complaints).values_list("complaint", flat=True)
    delicate, known = set(named), dict[tuple[int, int], Unattended | None]()
    for case in complaints:
        if (key := _alike(case, delicate)) not in known:
            known[key] = unattended_among(ids, complaint=case, on=now.astimezone(case.region.zone).date())
    agencies = {agency.pk: agency for found in known.values() if found for agency in found.agencies}
    concerned = [case for case in complaints if known[_alike(case, delicate)]]
    return Unattended([*agencies.values()], concerned) if concerned else None


def _alike(case: Complaint, delicate: Collection[int]) -> tuple[int, int]:
    return case.region_id, case.pk if case.pk in delicate else 0


# By agency and day, because building the statement costs more than asking it.
_kept: Shelf[Reading[Any]] = Shelf(200)


def _there(path: str, on: date, agency: int, region: int, case: int) -> QuerySet[Any]:
    """The agency once for each liaison officer, or once alone."""
    named = ConflictOfInterest.objects.filter(complaint=case)
    about = named.filter(agency__in=[int(pk) for pk in path.strip("/").split("/") if pk])
    there = Agency.objects.active(on).filter(pk=agency, region=region).exclude(Exists(about)).only("pk")
    liaison = FilteredRelation("role_assignments", condition=Q(role_assignments__role=Role.LIAISON))
    rows = there.annotate(
        liaison=liaison,
        officer=F("liaison__user_id"),
        address=F("liaison__user__email"),
        is_at_work=F("liaison__user__is_active"),
        is_named=Exists(named.filter(user=OuterRef("liaison__user_id"))),
    )
    return rows.distinct().order_by(F("officer").asc(nulls_last=True))

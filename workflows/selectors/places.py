"""Choices of the complaint form: places, topics, services. Values are ids or codes as text."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.models import Agency, District, Region, Service, Village
from workflows.models import Category, CategoryVersion

Choices = list[tuple[str, Any]]


def districts_of(region: Region) -> Choices:
    """Districts of the region; of a province those of its regencies, grouped (one query)."""
    groups: dict[str, Choices] = {}
    for row in districts_in(region):
        groups.setdefault(row.region.full_name, []).append((str(row.pk), row.name))
    if len(groups) > 1:
        return [("", _("Choose a district")), *groups.items()]
    return [("", _("Choose a district")), *(option for group in groups.values() for option in group)]


def districts_in(region: Region) -> QuerySet[District]:
    rows = District.objects.filter(Q(region=region) | Q(region__parent=region)).select_related("region")
    return rows.order_by("region__code", "name")


def villages_of(region: Region, district_id: str) -> Choices:
    """Villages of a district of the region; only a hint while no district is chosen (one query at most)."""
    if not district_id.isdecimal() or len(district_id) > 12:
        return [("", _("Choose the district first"))]
    rows = Village.objects.filter(Q(district__region=region) | Q(district__region__parent=region))
    found = rows.filter(district_id=int(district_id)).order_by("name", "code")
    return [("", _("Choose a village")), *((str(row.pk), str(row)) for row in found)]


def topics_of(region: Region, on: date) -> Choices:
    """Active categories (one query)."""
    rows = Category.objects.for_region(region).active(on)
    return [("", _("I do not know")), *((row.code, str(row)) for row in rows)]


def subjects_of(region: Region, on: date) -> Choices:
    """Public services grouped by agency, and each agency itself (two queries). Values: ``s<id>``, ``a<id>``."""
    services: dict[int, Choices] = {}
    for row in Service.objects.public().active(on).filter(agency__region=region).order_by("name"):
        services.setdefault(row.agency_id, []).append((f"s{row.pk}", row.name))
    groups: Choices = [("", _("I do not know"))]
    for agency in Agency.objects.active(on).filter(region=region).order_by("name"):
        whole = (f"a{agency.pk}", agency.name)
        own = services.get(agency.pk)
        groups.append((agency.short_name, [whole, *own]) if own else whole)
    return groups


def subject_key(value: str) -> tuple[type[Service] | type[Agency], int]:
    """What a choice names, ``s<id>`` a service and ``a<id>`` an agency; the id is 0 where it is none."""
    number = value[1:13]
    pk = int(number) if number.isascii() and number.isdecimal() else 0
    return Service if value[:1] == "s" else Agency, pk


def subject_for(region: Region, value: str) -> tuple[Service | None, Agency | None]:
    """The service or agency behind a choice, within the region."""
    kind, pk = subject_key(value)
    if not pk:
        return None, None
    if kind is Service:
        service = Service.objects.public().select_related("agency").filter(pk=pk, agency__region=region).first()
        return service, service.agency if service else None
    return None, Agency.objects.filter(pk=pk, region=region).first()


def category_for(region: Region, code: str) -> tuple[Category | None, CategoryVersion | None]:
    """A topic by its code, with the newest version of its questions (one query; a second where it has questions)."""
    if not code:
        return None, None
    newest = CategoryVersion.objects.filter(category=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = Category.objects.for_region(region).filter(code=code).annotate(newest=Subquery(newest))
    # A region's own addition goes before one of the common list with the same code.
    found = rows.order_by(F("region").asc(nulls_last=True)).first()
    if found is None or found.newest is None:
        return found, None
    return found, CategoryVersion.objects.get(pk=found.newest)


def district_for(value: str) -> District | None:
    return District.objects.filter(pk=value).first() if value else None


def village_for(value: str, district: str) -> Village | None:
    return Village.objects.filter(pk=int(value), district_id=int(district)).first() if value and district else None

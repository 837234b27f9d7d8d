"""What the public form offers in a region, kept in the process while its stamp in the database is the same.

One narrow query reads the stamp, which triggers change with every row behind it (``workflows/triggers.py``), so a new
service can be chosen at the next request. Villages are too many to keep; they are looked up in their district.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Prefetch
from django.utils.translation import get_language

from core.keeping import Shelf
from core.models import Agency, District, Region, Service
from core.statements import Reading
from workflows.models import Category, CategoryVersion, PendingUpload, RulesStamp
from workflows.selectors import places
from workflows.selectors.places import Choices

# A category with the newest version of its questions.
Topic = tuple[Category, CategoryVersion | None]


@dataclass(frozen=True, slots=True)
class Offer:
    """Shared between requests: nobody changes it. ``region`` knows its desk."""

    region: Region
    topics: Mapping[str, Topic]
    services: Mapping[int, Service]
    agencies: Mapping[int, Agency]
    districts: Mapping[str, District]

    def subject(self, value: str) -> tuple[Service | None, Agency | None]:
        """The service or agency behind a choice."""
        kind, pk = places.subject_key(value)
        if kind is Service:
            service = self.services.get(pk)
            return service, service.agency if service else None
        return None, self.agencies.get(pk)


class Offered:
    """What one request sees: the offer, and whether files wait for its form."""

    def __init__(self, region_id: int | None, form_key: str):
        row = _stamped.first(form_key)
        self._stamp = row.token if row else None
        self.has_files = bool(row is None or row.has_files)  # type: ignore[attr-defined]
        # None where there is no such region.
        self.offer = self._offer(region_id) if region_id else None

    def _offer(self, region_id: int) -> Offer | None:
        if self._stamp is None:
            return _read(region_id)
        key = self._stamp, region_id
        return _offers.get(key) or ((found := _read(region_id)) and _offers.put(key, found))

    def choices(self, region: Region, on: date) -> dict[str, Choices]:
        """The lists of the form, in the language of the request."""
        if self._stamp is None:
            return _choices(region, on)
        key = self._stamp, region.pk, get_language(), on
        return _lists.kept(key, lambda: _choices(region, on))


def _waits(form_key: str) -> Any:
    waiting = PendingUpload.objects.filter(form_key=form_key)
    return RulesStamp.objects.filter(name=RulesStamp.FORM).annotate(has_files=Exists(waiting))


_stamped: Reading[Any] = Reading(_waits, str)
_offers: Shelf[Offer] = Shelf(100)
_lists: Shelf[dict[str, Choices]] = Shelf(400)


def _choices(region: Region, on: date) -> dict[str, Choices]:
    return {
        "category": places.topics_of(region, on),
        "about": places.subjects_of(region, on),
        "district": places.districts_of(region),
    }


def _read(region_id: int) -> Offer | None:
    region = Region.objects.select_related("complaint_desk__coordinator__region").filter(pk=region_id).first()
    if region is None:
        return None
    services = Service.objects.public().filter(agency__region=region).select_related("agency")
    return Offer(
        region,
        _topics(region),
        {row.pk: row for row in services},
        {row.pk: row for row in Agency.objects.filter(region=region)},
        {str(row.pk): row for row in places.districts_in(region)},
    )


def _topics(region: Region) -> dict[str, Topic]:
    versions = CategoryVersion.objects.order_by("-number")
    rows = Category.objects.for_region(region).prefetch_related(Prefetch("versions", versions))
    # A region's own addition goes before one of the common list with the same code.
    ordered = rows.order_by(F("region").asc(nulls_first=True))
    return {row.code: (row, next(iter(row.versions.all()), None)) for row in ordered}

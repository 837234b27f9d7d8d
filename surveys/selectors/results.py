"""Published results: whose they are, which one is valid, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from core.models import Agency, Region, Service, User
from core.periods import Period
from core.permissions import scope_of
from surveys.models import PublishedIndex
from surveys.models.publications import PublishedIndexQuerySet
from surveys.permissions import RESULT_PUBLISHERS
from surveys.selectors.index import Subject


class ResultKind(StrEnum):
    REGION = "region"
    AGENCY = "agency"
    SERVICE = "service"


@dataclass(frozen=True)
class ResultSubject:
    """What a result is about: a region, one of its agencies, or one service of an agency."""

    region: Region
    agency: Agency | None = None
    service: Service | None = None

    @classmethod
    def of(cls, unit: Region | Agency | Service) -> ResultSubject:
        if isinstance(unit, Service):
            return cls(unit.agency.region, unit.agency, unit)
        return cls(unit.region, unit) if isinstance(unit, Agency) else cls(unit)

    @property
    def unit(self) -> Region | Agency | Service:
        return self.service or self.agency or self.region

    @property
    def kind(self) -> ResultKind:
        if self.service:
            return ResultKind.SERVICE
        return ResultKind.AGENCY if self.agency else ResultKind.REGION

    @property
    def key(self) -> str:
        """As stored in ``PublishedIndex.subject``."""
        return f"{self.kind}:{self.unit.pk}"

    @property
    def figures(self) -> Subject:
        """The same for the selectors of figures."""
        if self.service:
            return Subject(service=self.service)
        return Subject(agency=self.agency) if self.agency else Subject(region=self.region)


def valid_result(subject: ResultSubject, period: Period) -> PublishedIndex | None:
    """The newest revision of one result; one query."""
    rows = PublishedIndex.objects.filter(subject=subject.key, period=period.key)
    return rows.order_by("-revision").select_related("published_by").first()


def revisions_of(result: PublishedIndex) -> list[PublishedIndex]:
    """Every revision of the same result, newest first; one query."""
    rows = PublishedIndex.objects.filter(subject=result.subject, period=result.period)
    return list(rows.order_by("-revision").select_related("published_by"))


def revisions_at(region_id: int, unit: str, service: str, period: Period) -> list[PublishedIndex]:
    """Every revision of the result at a public address, newest first; one query.

    ``unit`` is the code of an agency or of the region itself, ``service`` a code or empty. Codes of regions have a
    dot, those of agencies never do.
    """
    rows = PublishedIndex.objects.filter(region=region_id, period=period.key)
    if service:
        rows = rows.filter(agency__code=unit, service__code=service)
    else:
        whole = Q(agency__isnull=True, region__code=unit)
        rows = rows.filter(Q(agency__code=unit) | whole, service__isnull=True)
    return list(rows.order_by("-revision").select_related("region", "agency", "service"))


def published_in(region_id: int) -> PublishedIndexQuerySet:
    """Valid results of a region for a list, newest period first, without their contents."""
    rows = PublishedIndex.objects.filter(region=region_id).valid()
    return rows.select_related("agency", "service", "region").defer("content")


def publishable_by(user: User) -> list[ResultSubject]:
    """Everything the person may publish a result of, regions first, services below their agency; three queries."""
    scope = scope_of(user)
    regions = Region.objects.filter(scope.region_q(RESULT_PUBLISHERS, field="pk"))
    agencies = Agency.objects.filter(scope.agency_q(RESULT_PUBLISHERS)).exclude(kind=Agency.Kind.GOVERNMENT)
    services = Service.objects.filter(agency__in=agencies).select_related("agency__region")
    return [*_subjects(regions), *_with_services(agencies.select_related("region").order_by("name"), services)]


def _subjects(regions: Iterable[Region]) -> list[ResultSubject]:
    return [ResultSubject.of(region) for region in regions]


def _with_services(agencies: Iterable[Agency], services: Iterable[Service]) -> list[ResultSubject]:
    below: dict[int, list[Service]] = {}
    for service in services:
        below.setdefault(service.agency_id, []).append(service)
    found: list[ResultSubject] = []
    for agency in agencies:
        found += [ResultSubject.of(agency), *(ResultSubject.of(one) for one in below.get(agency.pk, ()))]
    return found

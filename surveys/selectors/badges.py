"""The latest published index of a unit for a badge on somebody else's page: no answers, no content, two queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.models import Agency, Region, Service
from core.periods import Period, any_period_from_key
from surveys.models import PublishedIndex
from surveys.selectors.results import ResultKind, ResultSubject


@dataclass(frozen=True)
class Badge:
    """``index`` is None before the first publication."""

    name: str
    subject: ResultSubject
    period: Period | None = None
    index: Decimal | None = None
    grade: str = ""
    n: int = 0
    published_at: datetime | None = None
    content_hash: str = ""
    result: PublishedIndex | None = None


# A badge shows the periods everybody reports by; who publishes chooses other days, and may choose the best.
_FREE_DAYS = r"^[0-9]{8}-"


def badge_for(kind: ResultKind, code: str, region_id: int) -> Badge | None:
    """None for a unit this region does not have. ``code`` is that of an agency or region, or the id of a service."""
    subject = _subject(kind, code, region_id)
    if subject is None:
        return None
    name = subject.region.full_name if kind is ResultKind.REGION else subject.unit.name
    regular = PublishedIndex.objects.filter(subject=subject.key).exclude(period__regex=_FREE_DAYS)
    found = regular.defer("content").first()
    if found is None:
        return Badge(name, subject)
    # The names are at hand; the row's own relations would be read one by one.
    found.region, found.agency, found.service = subject.region, subject.agency, subject.service
    period = any_period_from_key(found.period)
    return Badge(
        name, subject, period, found.index, found.grade, found.n, found.published_at, found.content_hash, found
    )


def _subject(kind: ResultKind, code: str, region_id: int) -> ResultSubject | None:
    unit: Region | Agency | Service | None
    if kind is ResultKind.REGION:
        unit = Region.objects.filter(pk=region_id, code=code).first()
    elif kind is ResultKind.AGENCY:
        unit = Agency.objects.filter(region=region_id, code=code).select_related("region").first()
    elif not code.isdecimal() or len(code) > 15:
        unit = None
    else:
        services = Service.objects.public().filter(agency__region=region_id, pk=int(code))
        unit = services.select_related("agency__region").first()
    return ResultSubject.of(unit) if unit else None

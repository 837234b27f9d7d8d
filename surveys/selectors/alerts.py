"""Whom to tell what about the index: drops, samples at risk, agencies that ask nobody. Read from the tallies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from core.models import Agency, Region, User
from core.periods import Period
from core.permissions import Role
from surveys.selectors.cells import tally_by
from surveys.selectors.index import Subject, by_unit, merged, top_agency_ids
from surveys.selectors.tallies import Catalogue, Tally, catalogue
from surveys.selectors.trends import period_before
from surveys.trendtest import Change, Sample, Step, compared

# Who is answerable for an agency's figures, and for a region's.
AGENCY_PEOPLE = (Role.AGENCY_HEAD, Role.LIAISON)
REGION_PEOPLE = (Role.REGIONAL_ADMIN,)


@dataclass(frozen=True)
class Drop:
    """An agency whose index fell by more than chance."""

    agency: Agency
    step: Step


def drops_in(region: Region, period: Period) -> list[Drop]:
    """Agencies that fell against the period before; all of them are tested together. Seven queries."""
    known, agencies = catalogue(), list(region.agencies.select_related("region"))
    tops = top_agency_ids(agencies)
    before, now = (_tallies(region, span, known, tops) for span in (period_before(period), period))
    units = [agency for agency in agencies if agency.pk in before and agency.pk in now]
    pairs = [_pair(before[agency.pk], now[agency.pk], known) for agency in units]
    found = zip(units, compared(pairs), strict=True)
    return [Drop(agency, step) for agency, step in found if step.change is Change.FELL]


def _tallies(region: Region, period: Period, known: Catalogue, tops: Mapping[object, int]) -> dict[object, Tally]:
    question = Subject(region=region).question(known, "agency_id", start=period.start, end=period.end, moments=True)
    return merged(tally_by(question, by_unit), tops)


def _pair(before: Tally, now: Tally, known: Catalogue) -> tuple[Sample | None, Sample | None] | None:
    """None where the questionnaire changed in between."""
    if set(before.by_version) != set(now.by_version) or len(now.by_version) != 1:
        return None
    version = next(iter(now.by_version))
    scale_max = known.versions[version].scale_max
    first, second = (Sample.of(one.by_version[version].moments, scale_max=scale_max) for one in (before, now))
    return first, second


def people_of(agency: Agency) -> QuerySet[User]:
    """Heads and liaison officers of the agency; where it has none, the region's administrators."""
    own = _people(Q(role_assignments__role__in=AGENCY_PEOPLE, role_assignments__agency=agency))
    return own if own.exists() else people_over(agency.region)


def people_over(region: Region) -> QuerySet[User]:
    return _people(Q(role_assignments__role__in=REGION_PEOPLE, role_assignments__region=region))


def _people(held: Q) -> QuerySet[User]:
    return User.objects.filter(held, is_active=True).exclude(email="").distinct().order_by("pk")


def working_regions() -> Iterable[Region]:
    """Regions that work with this installation: those with an agency."""
    return Region.objects.filter(agencies__isnull=False).distinct()

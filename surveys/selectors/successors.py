"""Services that ended: where their posters lead, and what their answers count with.

The rule for reports: a service with exactly one successor counts with it, and so along the chain. One that was split
among several stays by itself, for nobody can say which of them an answer is about. Only the grouping changes; every
answer keeps the service it was given for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import Agency, Service
from core.selectors import continued
from surveys.models import Survey
from surveys.selectors.tallies import Tally


@dataclass(frozen=True)
class Heir:
    """A service that took the place of another; ``survey`` is where it is rated now, if anywhere."""

    service: Service
    survey: Survey | None


def heirs_of(service: Service, *, on: date, first: Survey) -> list[Heir]:
    """The services in use on that day that came after this one, by name; ``first`` is asked before other surveys.

    Two queries and one for each step of the chain.
    """
    after = continued(service.successors.select_related("agency"))
    offered = [row for row in after if not row.has_ended(on) and (row.active_from is None or row.active_from <= on)]
    agencies = {row.agency_id for row in offered}
    surveys = list(Survey.objects.open().filter(agency__in=agencies, audience=Service.Audience.PUBLIC).order_by("pk"))
    surveys.sort(key=lambda survey: survey.pk != first.pk)
    return [Heir(row, _survey_of(row, surveys)) for row in sorted(offered, key=lambda row: row.name.casefold())]


def _survey_of(service: Service, surveys: list[Survey]) -> Survey | None:
    """Its own survey, else one that lets citizens choose among the agency's services."""
    own = (survey for survey in surveys if survey.service_id == service.pk)
    general = (survey for survey in surveys if survey.service_id is None and survey.agency_id == service.agency_id)
    return next(own, None) or (next(general, None) if service.audience == Service.Audience.PUBLIC else None)


def has_successors(agency: Agency) -> bool:
    """Whether any service of the agency or the units below it went on as another."""
    return Service.objects.filter(agency__path__startswith=agency.path, successors__isnull=False).exists()


def counted_with() -> dict[int, int]:
    """Service id to the id it counts with under the rule above, where that is another one; one query."""
    after: dict[int, set[int]] = defaultdict(set)
    for ended, successor in Service.successors.through.objects.values_list("from_service_id", "to_service_id"):
        after[ended].add(successor)
    return {ended: _last(ended, after) for ended in after if len(after[ended]) == 1}


def _last(service: int, after: Mapping[int, set[int]]) -> int:
    seen: set[int] = set()
    while len(after.get(service, ())) == 1 and service not in seen:
        seen.add(service)
        (service,) = after[service]
    return service


def joined(tallies: Mapping[Any, Tally]) -> dict[Any, Tally]:
    """Tallies by service, those of services with one successor added to it; one query."""
    heirs = counted_with()
    found: dict[Any, Tally] = {}
    for service, tally in tallies.items():
        found.setdefault(heirs.get(service, service), Tally()).add(tally)
    return found

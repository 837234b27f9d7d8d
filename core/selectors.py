"""Reads that more than one screen needs."""

from collections.abc import Iterable

from core.models import Agency, Region, Service


def region_by_code(code: str) -> Region:
    """The region with this Ministry code, e.g. ``35.26``. Raises ``Region.DoesNotExist``."""
    return Region.objects.select_related("site").get(code=code)


def agency_by_code(code: str) -> Agency:
    """The agency with this code. Raises ``Agency.DoesNotExist`` or ``MultipleObjectsReturned``."""
    return Agency.objects.select_related("region").get(code=code)


def continued(services: Iterable[Service]) -> set[Service]:
    """These services and everything that came after them; a query for each step of the chain."""
    found: set[Service] = set()
    step = set(services)
    while step:
        found |= step
        step = set(Service.objects.filter(predecessors__in=step).select_related("agency")) - found
    return found

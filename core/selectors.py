"""Reads that more than one screen needs."""

from core.models import Agency, Region


def region_by_code(code: str) -> Region:
    """The region with this Ministry code, e.g. ``35.26``. Raises ``Region.DoesNotExist``."""
    return Region.objects.select_related("site").get(code=code)


def agency_by_code(code: str) -> Agency:
    """The agency with this code. Raises ``Agency.DoesNotExist`` or ``MultipleObjectsReturned``."""
    return Agency.objects.select_related("region").get(code=code)

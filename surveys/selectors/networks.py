"""Which networks are the offices' own; compared in memory while an answer is taken, and nothing about it is stored."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.cache import cache

from core.addresses import Address
from core.models import Agency
from surveys.models import OfficeNetwork

KEPT_SECONDS = 60
Networks = list[tuple[str, IPv4Network | IPv6Network]]


def is_in_office(address: Address | None, agency: Agency) -> bool:
    """Whether the address lies in a network of the agency or of one above it; usually no query."""
    if address is None:
        return False
    return any(agency.path.startswith(path) and address in network for path, network in _networks(agency.region_id))


def _networks(region_id: int) -> Networks:
    """Of a whole region, with the path of each owner; at most a minute old."""
    key = f"surveys.office_networks.{region_id}"
    return cache.get_or_set(key, lambda: _read(region_id), KEPT_SECONDS) or []


def _read(region_id: int) -> Networks:
    rows = OfficeNetwork.objects.filter(agency__region_id=region_id).order_by()
    return [(path, ip_network(text)) for path, text in rows.values_list("agency__path", "network")]

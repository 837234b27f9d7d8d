"""Where a request came from. For counting and comparing in memory only: no address of a visitor is ever stored."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """The visitor's address as the outermost trusted proxy saw it; None when nobody says."""
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    text = chain[-proxies] if proxies and len(chain) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return ip_address(text)
    except ValueError:
        return None


def network_of(request: HttpRequest) -> str:
    """What one line of a household or an office has: an IPv4 address or an IPv6 /64."""
    address = client_address(request)
    if address is None:
        return "unknown"
    return str(ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)

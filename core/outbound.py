"""The one gate through which this server posts to an address somebody typed in.

Only https, only to a public address (or a host the operator names in ``OUTBOUND_PRIVATE_HOSTS``), to the very address
that was checked, without following redirects, with limits on time and size. So no setting of a region can make the
server read its own network. Mail and fixed addresses of the program do not pass here.
"""

import socket
import ssl
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 10
MOST_ANSWER = 64 * 1024


class Refused(Exception):
    """The address may not be posted to."""


class NoAnswer(Exception):
    """The server could not be reached, or said that it failed."""


class _Pinned(HTTPSConnection):
    """Speaks to the address that was checked, whatever the name means a moment later."""

    def __init__(self, host: str, port: int, address: str):
        super().__init__(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), TIMEOUT)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Post and return the beginning of the answer. Raises ``Refused`` or ``NoAnswer``."""
    host, port, path = checked_url(url)
    connection = _Pinned(host, port, checked_address(host, port))
    try:
        connection.request("POST", path, body=body, headers={"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read(MOST_ANSWER)
    except (OSError, HTTPException) as problem:
        raise NoAnswer(type(problem).__name__) from problem
    finally:
        connection.close()
    if answer.status >= 300:
        raise NoAnswer(f"status {answer.status}")
    return content


def checked_url(url: str) -> tuple[str, int, str]:
    """Host, port and path of an https address without a password in it. Raises ``Refused``."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as problem:
        raise Refused("url") from problem
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise Refused("url")
    path = parts.path or "/"
    return parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def checked_address(host: str, port: int) -> str:
    """The address to connect to: every one the name stands for must be public. Raises ``Refused`` or ``NoAnswer``."""
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as problem:
        raise NoAnswer("name") from problem
    if host not in settings.OUTBOUND_PRIVATE_HOSTS and not all(_is_public(address) for address in found):
        raise Refused("private")
    return min(found)


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_global and not address.is_multicast

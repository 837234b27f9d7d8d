"""A form's page as it is sent again and again: all but the token, compressed once.

A page is kept under the stamp of its place (``selectors.forms``), so it is made again as soon as anything on it may
have changed. It holds nothing of a visitor: language, chosen service and day are the same for everybody who asks alike,
and the token is written into the gap for each request. Pages behind a sign-in or a visit slip are not kept.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from cms.selectors import frame_of
from cms.selectors.chrome import Frame
from core.keeping import Shelf
from surveys.tokens import FormToken

from .places import Place

SERVICE_PARAMETER = "layanan"
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_RAW = -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class KeptPage:
    """``head`` and ``tail`` stand around the token; ``packed`` is the head, compressed up to a whole byte."""

    head: bytes
    tail: bytes
    packed: bytes
    checksum: int

    @classmethod
    def cut(cls, html: str, mark: str) -> KeptPage:
        """The page with a gap where ``mark`` stands, once."""
        head, tail = html.encode().split(mark.encode())
        packer = zlib.compressobj(9, wbits=_RAW)
        packed = _GZIP_HEAD + packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
        return cls(head, tail, packed, zlib.crc32(head))

    def plain(self, token: str) -> bytes:
        return b"".join((self.head, token.encode(), self.tail))

    def gzipped(self, token: str) -> bytes:
        """The same for a browser that unpacks; not padded, because every token is used once and told to nobody else."""
        rest = token.encode() + self.tail
        end = struct.pack("<LL", zlib.crc32(rest, self.checksum), len(self.head) + len(rest))
        return b"".join((self.packed, zlib.compress(rest, 1, wbits=_RAW), end))


# The site's name and colours stand on the page too; they have no stamp and are compared.
_pages: Shelf[tuple[Frame, KeptPage]] = Shelf(500)


def kept_page(request: HttpRequest, place: Place, now: datetime, make: Callable[[str], HttpResponse]) -> KeptPage:
    """The page of a stamped place; ``make`` draws it around a mark when there is none yet, or another frame."""
    key = place.stamp, get_language(), chosen_code(request, place), place.day(now)
    frame, kept = frame_of(request), _pages.get(key)
    if kept is not None and kept[0] == frame:
        return kept[1]
    mark = uuid4().hex
    page = KeptPage.cut(make(mark).content.decode(), mark)
    return _pages.put(key, (frame, page))[1]


def send_page(request: HttpRequest, page: KeptPage, token: FormToken) -> HttpResponse:
    """The page with this visitor's token."""
    unpacks = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.gzipped(str(token)) if unpacks else page.plain(str(token)))
    if unpacks:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


def chosen_code(request: HttpRequest, place: Place) -> str:
    """The service the address names, if it can be chosen here: nobody fills the shelf with invented ones."""
    wanted = request.GET.get(SERVICE_PARAMETER, "")
    offered = getattr(place.survey, "offered", ())
    return wanted if any(row["code"] == wanted for row in offered) else ""

"""Recordings for the public. Safari plays nothing that cannot be sent in parts, so parts are what it gets."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from wagtail.documents.models import AbstractDocument

from core.sounds import MAXIMUM_SOUND, TYPES

RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


def sound_response(document: AbstractDocument, request: HttpRequest) -> HttpResponse | None:
    """The recording or the part asked for; None when the document is something else."""
    kind = TYPES.get(document.file_extension.lower())
    if kind is None:
        return None
    with document.file.open("rb") as file:
        content = file.read(MAXIMUM_SOUND + 1)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    response = _part(content, asked.groups(), kind) if asked else HttpResponse(content, content_type=kind)
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    patch_cache_control(response, public=True, max_age=86400)
    return response


def _part(content: bytes, asked: Any, kind: str) -> HttpResponse:
    """``bytes=first-last``, both included; without a first one, that many from the end."""
    first, last = asked
    size = len(content)
    start = int(first) if first else max(size - int(last or 0), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end}/{size}"}
    return HttpResponse(content[start : end + 1], content_type=kind, status=206, headers=headers)

"""Photos of pages. They are sent by the application, so that a small server needs nothing beside it.

Only renditions leave: what Wagtail has decoded and written anew. Originals keep the place where a photo was taken, and
documents have a view of Wagtail's own that asks whether they are for everybody.
"""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

RENDITIONS = "images"
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
@cache_control(public=True, max_age=86400)
def media(request: HttpRequest, name: str) -> FileResponse:
    """One rendition, as the image its name says; everything else is not here."""
    path = PurePosixPath(name)
    kind = TYPES.get(path.suffix.lower())
    if kind is None or len(path.parts) != 2 or path.parts[0] != RENDITIONS or "\0" in name:
        raise Http404
    try:
        content = default_storage.open(str(path))
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    response = FileResponse(content, content_type=kind)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

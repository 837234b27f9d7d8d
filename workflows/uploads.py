"""Is this file what it says, and is it safe to keep? Judged by content, never by name or declared type.

Photos are written anew (``core.pictures``). PDFs are kept as they are, and only ever offered for download. Everything
else is refused. Leaves out where files are stored and who may open them.
"""

from typing import IO

from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.pictures import ACCEPT as PICTURES
from core.pictures import PDF, CheckedFile, check_picture, checked, refuse

ACCEPT = f"{PICTURES},{PDF}"


def check_file(file: IO[bytes] | File, size: int, max_bytes: int) -> CheckedFile:
    """Check one uploaded file. Raises ``ValidationError`` with a message for the field."""
    if size > max_bytes:
        limit = {"limit": filesizeformat(max_bytes)}
        refuse("too_large", _("This file is too large. The limit is %(limit)s.") % limit)
    if size == 0:
        refuse("empty", _("This file is empty."))
    content = file.read(max_bytes + 1)
    if content.startswith(b"%PDF-"):
        return checked(_check_pdf(content), PDF)
    return check_picture(content, _("Only photos (JPEG, PNG, WebP) and PDF files can be sent."))


def _check_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        refuse("broken", _("This PDF is damaged. Please save it again."))
    return content

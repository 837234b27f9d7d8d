"""Photos that somebody sends, made safe to keep. Judged by content, never by name or declared type.

They are decoded and written anew: position, camera and whatever else a picture carries is gone, and so is anything
hidden behind it. Leaves out other kinds of file, where files are stored and who may open them.
"""

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
SUFFIX = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
# What a file field offers; a phone then converts its own format to JPEG.
ACCEPT = "image/jpeg,image/png,image/webp"
READABLE = ("JPEG", "PNG", "WEBP")
# 50 megapixels: more than phones take, less than a decompression bomb needs.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """Content that may be stored, with its true type."""

    content: bytes
    content_type: str
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def suffix(self) -> str:
        return SUFFIX[self.content_type]


def check_picture(content: bytes, refusal: str = "") -> CheckedFile:
    """A photo written anew. Raises ``ValidationError``; ``refusal`` is its sentence where something else was sent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewrite(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        refuse("bomb", _("This picture has too many pixels."))
    except (OSError, SyntaxError, ValueError, OverflowError):
        refuse("type", refusal or _("Only photos (JPEG, PNG, WebP) can be sent."))


def _rewrite(content: bytes) -> CheckedFile:
    """Decode and encode again, upright and at a size that shows what matters."""
    image = Image.open(io.BytesIO(content), formats=READABLE)
    if image.width * image.height > MOST_PIXELS:
        raise Image.DecompressionBombError
    keeps_png = image.format == "PNG"
    image = _upright(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = image.convert("RGBA" if keeps_png and "A" in image.getbands() else "RGB")
    bare.info.clear()
    written = io.BytesIO()
    if keeps_png:
        bare.save(written, "PNG", optimize=True)
        return checked(written.getvalue(), PNG)
    bare.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return checked(written.getvalue(), JPEG)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; broken notes in a photo cost its orientation, not the photo."""
    try:
        return ImageOps.exif_transpose(image)
    except (TypeError, LookupError, struct.error):
        return image


def checked(content: bytes, content_type: str) -> CheckedFile:
    return CheckedFile(content, content_type, hashlib.sha256(content).hexdigest())


def refuse(code: str, message: str) -> NoReturn:
    raise ValidationError(message, code=code)

"""The region's colours and logo as a stylesheet of a few hundred bytes."""

import base64

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from cms.colour import DEFAULT_ACCENT, DEFAULT_BRAND, brand_css
from cms.selectors import frame_of

YEAR = 31_536_000
KEPT_SECONDS = 3600
# The slim header shows the logo 44 px high; twice that for sharp screens.
INLINE_RENDITION = "max-88x88|format-webp|webpquality-80"
# A logo that stays bigger than this would cost the survey form more than it gives.
MAX_INLINE_BYTES = 6 * 1024


@require_safe
def brand_stylesheet(request: HttpRequest) -> HttpResponse:
    """Cached for a year under its version, for a minute under any other address."""
    brand = frame_of(request).brand
    version = brand.get("css_version", "")
    css = cache.get_or_set(f"brand-css:{version}", lambda: _stylesheet(brand), KEPT_SECONDS)
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    if version and request.GET.get("v") == version:
        response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        response["Cache-Control"] = "public, max-age=60"
    return response


def _stylesheet(brand: dict) -> str:
    colour, accent = brand.get("colour") or DEFAULT_BRAND, brand.get("accent") or DEFAULT_ACCENT
    return brand_css(colour, accent, logo=_inline_logo(brand.get("logo_id")))


def _inline_logo(logo_id: int | None) -> str:
    logo = get_image_model().objects.filter(pk=logo_id).first() if logo_id else None
    if logo is None:
        return ""
    with logo.get_rendition(INLINE_RENDITION).file.open("rb") as file:
        data = file.read()
    if len(data) > MAX_INLINE_BYTES:
        return ""
    return "data:image/webp;base64," + base64.b64encode(data).decode()

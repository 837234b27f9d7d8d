"""Badges for other websites: an SVG and a page for a frame, without a script and without a cookie.

A badge shows the latest published index, so it reads no answers and cannot be talked into a new figure. Only these
addresses may be framed by strangers.
"""

from __future__ import annotations

import hashlib
import textwrap
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from cms.colour import DEFAULT_ACCENT, DEFAULT_BRAND, brand_tokens
from cms.selectors import frame_of
from core.period_words import period_words
from surveys.index import band_for
from surveys.selectors.badges import Badge, badge_for
from surveys.selectors.results import ResultKind
from surveys.templatetags.surveys_tags import grade_word
from surveys.views.results import result_url

# Kinds as the addresses spell them.
KINDS = {"opd": ResultKind.AGENCY, "layanan": ResultKind.SERVICE, "wilayah": ResultKind.REGION}
KEPT_SECONDS = 600
EVERYBODY = ["*"]
# Letters that fit beside the grade in the widest of the usual fonts; the title holds the whole name.
WIDEST_NAME, NAME_LINES = 27, 2
# Changes when the drawing does, so that kept copies are asked for again.
DRAWING = "2"
# ``?tema=``; without it the reader's device decides.
THEMES = {"terang": "light", "gelap": "dark"}
_LIGHT = {"surface": "#ffffff", "line": "#dcd6c9", "ink": "#1b2528", "soft": "#515c60", "on": "#ffffff"}
_DARK = {"surface": "#172225", "line": "#35454a", "ink": "#e9eeed", "soft": "#b3bfc1", "on": "#0f1719"}
# As --grade-a … --grade-d of site.css, light and dark.
_GRADES = {
    "A": ("#14653a", "#8bdaa9"),
    "B": ("#1c5f8b", "#8fc7ee"),
    "C": ("#8a5300", "#f2c46f"),
    "D": ("#a1201b", "#ffaaa1"),
}


@require_safe
@xframe_options_exempt
@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": EVERYBODY})
def badge_svg(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The badge as a picture. Its few styles are inside, because a picture may load nothing; three queries at most."""
    badge = _badge(request, kind, code)
    return _answer(request, badge, "surveys/badges/badge.svg", "image/svg+xml; charset=utf-8")


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": EVERYBODY})
def badge_page(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The badge as a page for a frame, with a link to the published result; three queries at most."""
    badge = _badge(request, kind, code)
    return _answer(request, badge, "surveys/badges/frame.html", "text/html; charset=utf-8")


def _badge(request: HttpRequest, kind: str, code: str) -> Badge:
    badge = badge_for(KINDS[kind], code, frame_of(request).region_id or 0) if kind in KINDS else None
    if badge is None:
        raise Http404
    return badge


def _answer(request: HttpRequest, badge: Badge, template: str, content_type: str) -> HttpResponse:
    brand, theme = frame_of(request).brand, THEMES.get(request.GET.get("tema", ""), "")
    etag = _etag(badge.content_hash, badge.name, brand.get("colour", ""), brand.get("css_version", ""), theme, template)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        looks = {"brand": brand, "theme": theme, "language": get_language(), **_palettes(badge, brand, theme)}
        text = render_to_string(template, badge_words(badge) | looks)
        response = HttpResponse(text, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    # A picture and a frame on other sites are what this is for.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _etag(*parts: str) -> str:
    told = "|".join((DRAWING, get_language() or "", *parts))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'


def badge_words(badge: Badge) -> dict[str, Any]:
    """What both forms of a badge show, in the language of the address."""
    if badge.index is None or badge.period is None or badge.result is None:
        return {"name": badge.name, "name_lines": _lines(badge.name), "alternative": _nothing(badge.name)}
    index, period = number_format(badge.index), period_words(badge.period)
    band = band_for(badge.index)
    word = grade_word(band) if band and band.grade == badge.grade else ""
    words = {"name": badge.name, "index": index, "grade": badge.grade, "word": word, "period": period}
    return words | {
        "name_lines": _lines(badge.name),
        "n": number_format(badge.n, force_grouping=True),
        "published": date_format(badge.published_at, "DATE_FORMAT") if badge.published_at else "",
        "url": settings.BASE_URL.rstrip("/") + result_url(badge.result),
        "alternative": _("Satisfaction index of %(name)s: %(index)s, grade %(grade)s, %(period)s.") % words,
    }


def _nothing(name: str) -> str:
    return _("Satisfaction index of %(name)s: not enough data yet.") % {"name": name}


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, WIDEST_NAME, max_lines=NAME_LINES, placeholder=" …") or [name]


def _palettes(badge: Badge, brand: dict[str, Any], theme: str) -> dict[str, Any]:
    """Colours of the drawing; a theme asked for leaves only that one."""
    tokens = brand_tokens(brand.get("colour") or DEFAULT_BRAND, brand.get("accent") or DEFAULT_ACCENT)
    grade = _GRADES.get(badge.grade, (_LIGHT["soft"], _DARK["soft"]))
    light = _LIGHT | {"brand": tokens.light["brand"], "grade": grade[0]}
    dark = _DARK | {"brand": tokens.dark["brand"], "grade": grade[1]}
    if theme:
        return {"light": dark if theme == "dark" else light, "dark": None}
    return {"light": light, "dark": dark}

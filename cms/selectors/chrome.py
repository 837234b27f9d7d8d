"""Name, look and navigation of the site that answers a request.

One query for a page that shows only the name (the survey form), two more for the full frame, a fourth for the
logo. All are kept for `KEPT_SECONDS`, so a changed logo or menu shows within half a minute without any
invalidation across processes.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext
from wagtail.models import Page, Site

from cms.colour import DEFAULT_ACCENT, DEFAULT_BRAND
from cms.models import BrandSettings
from core.keeping import kept_for

KEPT_SECONDS = 30
DEFAULT_NAME = "Suara Layanan"
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
LOGO_RENDITION = "max-176x88"


@dataclass(frozen=True)
class Frame:
    """What is known about a site without a language; safe to pickle into any cache."""

    site_id: int | None = None
    root_url_path: str = "/"
    region_id: int | None = None
    region_name: str = ""
    is_demo: bool = False
    brand: dict[str, Any] = field(default_factory=dict)


def frame_of(request: HttpRequest) -> Frame:
    """The frame of the request's site: one query, or none while it is kept."""
    known = getattr(request, "_frame", None)
    if known is None:
        host, port = _host(request)
        known = kept_for(KEPT_SECONDS, f"frame:{host}:{port}", lambda: _read_frame(host, port))
        request._frame = known  # type: ignore[attr-defined]
    return known


def chrome_for(request: HttpRequest) -> dict[str, Any]:
    """``brand``, ``nav_items``, ``language_links`` and ``footer_links``, each read when a template asks."""
    return {
        "brand": SimpleLazyObject(lambda: _brand(request)),
        "nav_items": SimpleLazyObject(lambda: _nav_items(request)),
        "language_links": SimpleLazyObject(lambda: _language_links(request)),
        "footer_links": SimpleLazyObject(lambda: _footer_links(request)),
    }


def _host(request: HttpRequest) -> tuple[str, str]:
    return request.get_host().split(":")[0], request.get_port()


def _read_frame(host: str, port: str) -> Frame:
    sites = Site.objects.filter(Q(hostname=host) | Q(is_default_site=True))
    sites = sites.select_related("root_page", "region", "brandsettings", "brandsettings__logo")
    site = max(sites, key=lambda site: _closeness(site, host, port), default=None)
    if site is None:
        return Frame(brand={"name": DEFAULT_NAME})
    region = getattr(site, "region", None)
    return Frame(
        site_id=site.pk,
        root_url_path=site.root_page.url_path,
        region_id=region.pk if region else None,
        region_name=region.full_name if region else "",
        is_demo=bool(region and region.is_demo),
        brand=_brand_values(getattr(site, "brandsettings", None), region.full_name if region else ""),
    )


def _closeness(site: Site, host: str, port: str) -> tuple[bool, bool, bool]:
    """Wagtail's order: host and port, host, default site."""
    return (site.hostname == host, str(site.port) == port, site.is_default_site)


def _brand_values(brand: BrandSettings | None, region_name: str) -> dict[str, Any]:
    if brand is None:
        return {"name": DEFAULT_NAME, "tagline": region_name, "colour": DEFAULT_BRAND, "css_version": ""}
    texts = ("name", "address", "phone", "whatsapp", "email", "footer_text")
    return {name: getattr(brand, name) for name in texts} | {
        "tagline": brand.tagline or region_name,
        "colour": brand.brand_colour,
        "accent": brand.accent_colour,
        "logo_id": brand.logo_id,
        "css_version": _css_version(brand),
    }


def _css_version(brand: BrandSettings) -> str:
    """Changes with colours and logo; empty when the stylesheets' own defaults are right (one request less)."""
    colours = (brand.brand_colour.lower(), brand.accent_colour.lower())
    if colours == (DEFAULT_BRAND, DEFAULT_ACCENT) and not brand.logo:
        return ""
    logo = brand.logo.file_hash or brand.logo.file.name if brand.logo else ""
    return hashlib.sha256("|".join((*colours, logo)).encode()).hexdigest()[:10]


def _brand(request: HttpRequest) -> dict[str, Any]:
    frame = frame_of(request)
    return frame.brand | {
        "is_demo": frame.is_demo,
        "home_url": _page_url(frame, frame.root_url_path),
        "logo_url": SimpleLazyObject(lambda: _logo_url(frame.brand.get("logo_id"))),
        "logo_alt": "",
    }


def _logo_url(logo_id: int | None) -> str:
    if not logo_id:
        return ""
    return kept_for(KEPT_SECONDS, f"logo:{logo_id}", lambda: _rendition_url(logo_id))


def _rendition_url(logo_id: int) -> str:
    logo = BrandSettings._meta.get_field("logo").related_model.objects.filter(pk=logo_id).first()
    return logo.get_rendition(LOGO_RENDITION).url if logo else ""


def first_level(request: HttpRequest, model: str) -> str:
    """Address of the first page of this type directly below the site's root; empty when there is none."""
    frame = frame_of(request)
    for page in _menu_pages(frame):
        if page["content_type__model"] == model:
            return _page_url(frame, page["url_path"])
    return ""


def _menu_pages(frame: Frame) -> list[dict[str, Any]]:
    """Pages on the first level of the site: the directory, news and what an editor put in the menu."""
    if frame.site_id is None:
        return []
    return kept_for(KEPT_SECONDS, f"menu:{frame.site_id}", lambda: _read_menu(frame))


def _read_menu(frame: Frame) -> list[dict[str, Any]]:
    depth = frame.root_url_path.strip("/").count("/") + 3
    pages = Page.objects.live().public().filter(url_path__startswith=frame.root_url_path, depth=depth)
    rows = pages.order_by("path").values("title", "url_path", "show_in_menus", "content_type__model")
    return list(rows)


def _nav_items(request: HttpRequest) -> list[dict[str, Any]]:
    frame = frame_of(request)
    menu = [page for page in _menu_pages(frame) if page["show_in_menus"]]
    items = [(page["title"], _page_url(frame, page["url_path"])) for page in menu]
    items[1:1] = [
        (gettext("File a complaint"), _named_url("workflows:complaint_new")),
        (gettext("Track a complaint"), _named_url("workflows:track")),
    ]
    here = _closest(request.path, [url for _label, url in items])
    return [{"label": label, "url": url, "current": url == here} for label, url in items if url]


def _closest(path: str, urls: list[str]) -> str:
    """The longest menu address this path lies under, so that only one entry is marked."""
    return max((url for url in urls if url and path.startswith(url)), key=len, default="")


def _footer_links(request: HttpRequest) -> list[dict[str, Any]]:
    frame = frame_of(request)
    pages = [page for page in _menu_pages(frame) if page["content_type__model"] == "informationpage"]
    return [{"label": page["title"], "url": _page_url(frame, page["url_path"])} for page in pages]


def _language_links(request: HttpRequest) -> list[dict[str, Any]]:
    current = get_language()
    return [
        {
            "code": code,
            "label": LANGUAGE_NAMES.get(code, code),
            "url": translate_url(request.get_full_path(), code),
            "current": code == current,
        }
        for code in settings.PAGE_LANGUAGES
    ]


def _page_url(frame: Frame, url_path: str) -> str:
    """Address of a page in the current language, without reading it."""
    path = url_path.removeprefix(frame.root_url_path)
    return reverse("wagtail_serve", args=(path,))


def _named_url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

"""The demo region's website: front page, directory, an agency page for everybody, standards, news, information."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.models import (
    AgencyIndexPage,
    AgencyPage,
    BrandSettings,
    CharterPage,
    InformationPage,
    NewsIndexPage,
    NewsPage,
)
from cms.services.sections import ensure_workflow
from core.models import Agency, Region
from core.services import sync_roles
from home.demo.pages import publish_once
from home.demo.standards import load_standards
from home.models import HomePage


@transaction.atomic
def load_content(region: Region, now: datetime) -> Site:
    """Build the region's site from ``fixtures/demo_pages.json``. Safe to repeat: existing pages stay as they are.

    Expects the region's agencies; `sync_roles` runs at the end, because the sections exist only now.
    """
    texts = json.loads(Path(settings.FIXTURES_ROOT, "demo_pages.json").read_text(encoding="utf-8"))
    site = build_site(region, texts["home"], texts["brand"])
    home = site.root_page
    directory = _child(home, AgencyIndexPage(show_in_menus=True, **texts["directory"]))
    for agency in region.agencies.select_related("region"):
        _agency_page(directory, agency, texts["agency"])
    load_standards(region, texts["complete_standard"])
    _charters(region, texts["charters"])
    _news(home, texts, now)
    _information(home, texts["information"])
    ensure_workflow(home)
    sync_roles()
    return site


def build_site(region: Region, texts: dict[str, str], brand: dict[str, str]) -> Site:
    """The region's site on its own front page; the first region takes over the installation's default site."""
    if region.site:
        return region.site
    root = Page.get_first_root_node()
    slug = slugify(region.full_name)
    publish_once(root, HomePage(slug=slug, **texts))
    site = _default_site(HomePage.objects.child_of(root).get(slug=slug), region)
    region.site, region.is_demo = site, True
    region.save(update_fields=["site", "is_demo"])
    BrandSettings.objects.get_or_create(site=site, defaults={"tagline": region.full_name, **brand})
    return site


def _default_site(home: HomePage, region: Region) -> Site:
    address = urlsplit(settings.BASE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    replaced = site.root_page_id
    site.hostname, site.port = address.hostname or "localhost", address.port or 80
    site.root_page, site.site_name = home.page_ptr, region.full_name
    site.save()
    _remove_placeholder(replaced)
    return site


def _remove_placeholder(page_id: int | None) -> None:
    """Wagtail's "Welcome" page; a page of our own types is never touched."""
    page = Page.objects.filter(pk=page_id, numchild=0).first() if page_id else None
    if page and page.specific_class is Page:
        page.delete()


def _child(parent: Page, page: Page) -> Page:
    publish_once(parent, page)
    return Page.objects.child_of(parent).get(slug=page.slug).specific


def _agency_page(directory: Page, agency: Agency, texts: dict[str, str]) -> None:
    if AgencyPage.objects.filter(agency=agency).exists():
        return
    slug = slugify(agency.short_name)
    page = AgencyPage(
        title=agency.name,
        slug=slug,
        agency=agency,
        intro=texts["intro"].format(name=agency.name),
        address=texts["address"].format(region=agency.region.full_name),
        opening_hours=texts["opening_hours"],
        email=f"{slug}@{texts['email_domain']}",
    )
    publish_once(directory, page)


def _charters(region: Region, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        values = dict(row)
        section = AgencyPage.objects.filter(agency__region=region, agency__code=values.pop("agency")).first()
        if section:
            publish_once(section, CharterPage(**values))


def _news(home: Page, texts: dict[str, Any], now: datetime) -> None:
    index = _child(home, NewsIndexPage(show_in_menus=True, **texts["news"]))
    for row in texts["articles"]:
        values = dict(row)
        day = (now - timedelta(days=values.pop("days_ago"))).date()
        body = values.pop("body")
        publish_once(index, NewsPage(published_on=day, body=[tuple(block) for block in body], **values))


def _information(home: Page, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        values = dict(row)
        menu, body = values.pop("menu"), values.pop("body")
        page = InformationPage(show_in_menus=menu, body=[tuple(block) for block in body], **values)
        publish_once(home, page)

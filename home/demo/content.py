"""The demo region's content: an agency page for everybody, standards, charters, news."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.models import AgencyIndexPage, AgencyPage, CharterPage, InformationPage, NewsIndexPage, NewsPage
from core.models import Agency, Region
from core.services import sync_roles
from home.demo.standards import load_standards
from home.pages import build_site, publish_once, read_texts


@transaction.atomic
def load_content(region: Region, now: datetime) -> Site:
    """Build the region's site and fill it from ``fixtures/demo_pages.json``. Safe to repeat: existing pages stay.

    Expects the region's agencies; `sync_roles` runs at the end, because the sections exist only now.
    """
    texts = read_texts("demo_pages.json")
    new = region.site is None
    site = build_site(region, brand=texts["brand"])
    home = site.root_page
    if new:
        _mark_as_demo(region, tuple(texts["demo_note"]))
    directory = AgencyIndexPage.objects.child_of(home).get()
    for agency in region.agencies.select_related("region"):
        _agency_page(directory, agency, texts["agency"])
    load_standards(region, texts["complete_standard"])
    _charters(region, texts["charters"])
    _news(NewsIndexPage.objects.child_of(home).first(), texts["articles"], now)
    sync_roles()
    return site


def _mark_as_demo(region: Region, note: tuple[str, Any]) -> None:
    region.is_demo = True
    region.save(update_fields=["is_demo"])
    about = InformationPage.objects.child_of(region.site.root_page).get(slug="tentang")
    about.body.append(note)
    about.save_revision().publish()


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


def _news(index: Page, articles: list[dict[str, Any]], now: datetime) -> None:
    for row in articles:
        values = dict(row)
        day = (now - timedelta(days=values.pop("days_ago"))).date()
        body = values.pop("body")
        publish_once(index, NewsPage(published_on=day, body=[tuple(block) for block in body], **values))

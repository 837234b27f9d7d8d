"""The pages every region's site begins with: front page, directory of agencies, news, information."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.models import AgencyIndexPage, BrandSettings, InformationPage, NewsIndexPage
from cms.services.sections import ensure_workflow
from core.models import Region
from home.models import HomePage


def read_texts(name: str) -> dict[str, Any]:
    """The texts of a file in ``fixtures/``."""
    return dict(json.loads(Path(settings.FIXTURES_ROOT, name).read_text(encoding="utf-8")))


@transaction.atomic
def publish_once(parent: Page, page: Page) -> bool:
    """Add and publish the page unless its address is taken; what an editor changed since stays."""
    # Fetched again: treebeard keeps the number of children on the instance, which grows stale.
    parent = Page.objects.get(pk=parent.pk)
    if parent.get_children().filter(slug=page.slug).exists():
        return False
    page.live = False
    parent.add_child(instance=page)
    # With a revision, so that such a page has a history like any other.
    page.save_revision().publish()
    return True


@transaction.atomic
def build_site(region: Region, *, address: str = "", brand: dict[str, str] | None = None) -> Site:
    """The region's site with the pages of ``fixtures/region_pages.json`` and the approval of drafts.

    Safe to repeat: pages already there stay as they are. ``address`` is the site's URL, by default ``BASE_URL``.
    The first region takes over the installation's default site; each further one needs an address of its own.
    """
    texts = read_texts("region_pages.json")
    site = region.site or _new_site(region, texts["home"], address or settings.BASE_URL)
    home = site.root_page
    BrandSettings.objects.get_or_create(site=site, defaults={"tagline": region.full_name, **(brand or {})})
    publish_once(home, AgencyIndexPage(show_in_menus=True, **texts["directory"]))
    publish_once(home, NewsIndexPage(show_in_menus=True, **texts["news"]))
    for row in texts["information"]:
        publish_once(home, _information(row))
    ensure_workflow(home)
    return site


def _new_site(region: Region, texts: dict[str, str], address: str) -> Site:
    root = Page.get_first_root_node()
    slug = slugify(region.full_name)
    publish_once(root, HomePage(slug=slug, **texts))
    region.site = _open_site(HomePage.objects.child_of(root).get(slug=slug), region, address)
    region.save(update_fields=["site"])
    return region.site


def _open_site(home: HomePage, region: Region, address: str) -> Site:
    parts = urlsplit(address)
    default = Site.objects.filter(is_default_site=True).first()
    free = default is None or not Region.objects.filter(site=default).exists()
    site = (default if free else None) or Site(is_default_site=free)
    replaced = site.root_page_id
    # The port decides whether Wagtail writes http or https.
    site.hostname, site.port = parts.hostname or "localhost", parts.port or (443 if parts.scheme == "https" else 80)
    site.root_page, site.site_name = home.page_ptr, region.full_name
    site.save()
    _remove_placeholder(replaced)
    return site


def _remove_placeholder(page_id: int | None) -> None:
    """Wagtail's "Welcome" page; a page of our own types is never touched."""
    page = Page.objects.filter(pk=page_id, numchild=0).first() if page_id else None
    if page and page.specific_class is Page:
        page.delete()


def _information(row: dict[str, Any]) -> InformationPage:
    values = dict(row)
    menu, body = values.pop("menu"), values.pop("body")
    return InformationPage(show_in_menus=menu, body=[tuple(block) for block in body], **values)

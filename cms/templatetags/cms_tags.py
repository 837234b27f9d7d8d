"""What the page templates read and how they print it."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from wagtail.models import Page

from cms import selectors
from cms.blocks import ChannelBlock, CopyKind, Unit
from cms.completeness import duplicate_positions, form_code_variants
from cms.models import AgencyIndexPage, AgencyPage, ServicePage
from core.models import Agency, Region

register = template.Library()

NEWS_PER_PAGE = 12


@register.filter
def rupiah(amount: Decimal | int | None) -> str:
    """``Rp10.000``; cents only when there are any."""
    if amount is None:
        return ""
    whole = f"{Decimal(amount):,.2f}".removesuffix(".00")
    return "Rp" + whole.translate(str.maketrans(",.", ".,"))


@register.filter(is_safe=True)
def name_search(form: str, name: str) -> str:
    """The markup of a search form, its landmark named."""
    return form.replace('role="search"', format_html('role="search" aria-label="{}"', name), 1)


@register.simple_tag
def agency_section(page: AgencyPage) -> Any:
    return selectors.section_of_agency(page)


@register.simple_tag(takes_context=True)
def directory(context: Context, index: AgencyIndexPage) -> dict[str, Any]:
    """Groups of the directory as filtered by ``?jenis=`` and ``?q=``."""
    asked = context["request"].GET
    kind, query = asked.get("jenis", ""), " ".join(asked.get("q", "")[:100].split())
    groups = selectors.agency_groups(index, kind=kind, query=query)
    return {
        "groups": groups,
        "kind": kind,
        "query": query,
        "kinds": Agency.Kind.choices,
        "total": sum(len(group.entries) for group in groups),
        "is_filtered": bool(kind or query),
    }


@register.simple_tag(takes_context=True)
def home_numbers(context: Context, root: Page) -> dict[str, Any]:
    """What is published on this site, with the addresses of its directory and its news."""
    request = context["request"]
    return {
        **asdict(selectors.site_numbers(root)),
        "directory_url": selectors.first_level(request, "agencyindexpage"),
        "news_url": selectors.first_level(request, "newsindexpage"),
    }


@register.simple_tag
def latest_news(root: Page, limit: int = 3) -> list[Page]:
    return list(selectors.latest_news(root)[:limit])


@register.simple_tag(takes_context=True)
def news_slice(context: Context, index: Page) -> Any:
    """One page of the site's news; an impossible ``?page=`` gives the nearest one."""
    news = selectors.latest_news(index.get_parent())
    return Paginator(news, NEWS_PER_PAGE).get_page(context["request"].GET.get("page", 1))


@register.simple_tag(takes_context=True)
def site_frame(context: Context) -> Any:
    return selectors.frame_of(context["request"])


@register.simple_tag(takes_context=True)
def site_region(context: Context) -> Region | None:
    """The region whose site this is; one query."""
    return Region.objects.filter(pk=selectors.frame_of(context["request"]).region_id).first()


@register.simple_tag
def complaint_url(**about: Any) -> str:
    """Address of the complaint form, already about a service (``layanan=``) or an agency (``opd=``)."""
    try:
        address = reverse("workflows:complaint_new")
    except NoReverseMatch:
        return ""
    known = {name: value for name, value in about.items() if value}
    return f"{address}?{urlencode(known)}" if known else address


@register.simple_tag
def standard_slips(page: ServicePage) -> dict[str, Any]:
    """Slips in the requirements that published standards are known for; a warning, never a refusal."""
    rows = [block.value for block in page.requirements]
    return {
        "duplicates": duplicate_positions(row.get("text") or "" for row in rows),
        "codes": form_code_variants(row.get("form_code") or "" for row in rows),
    }


@register.simple_tag(takes_context=True)
def other_params(context: Context, *dropped: str) -> str:
    """The request's GET parameters without the dropped ones, for links that keep a filter."""
    request: HttpRequest = context["request"]
    kept = request.GET.copy()
    for name in (*dropped, "page"):
        kept.pop(name, None)
    return kept.urlencode()


def _label_filter(choices: Any) -> Any:
    labels = dict(choices.choices)
    return lambda code: labels.get(code, "")


register.filter("copy_kind_label", _label_filter(CopyKind))
register.filter("channel_label", _label_filter(ChannelBlock.Kind))
register.filter("unit_label", _label_filter(Unit))

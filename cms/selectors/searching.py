"""Search across the public pages of a site."""

import re
from dataclasses import dataclass

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from wagtail.models import Page

from cms.models import AgencyPage

PER_PAGE = 10
MAX_QUERY = 100
# A lone quotation mark or a NUL is a syntax error in SQLite's full-text queries.
NOT_A_WORD = re.compile(r"[^\w\s./-]+")


@dataclass(frozen=True)
class Found:
    page: Page
    agency: str


@dataclass(frozen=True)
class Results:
    query: str
    total: int
    slice: Slice
    found: list[Found]


def found_pages(*, root_path: str, query: str, number: str | int = 1) -> Results:
    """Pages with all the words; when there are none, pages with any of them.

    ``root_path`` is the tree path of the site's root page. A page number out of range gives the nearest one.
    """
    query = " ".join(query.replace("\x00", "")[:MAX_QUERY].split())
    words = NOT_A_WORD.sub(" ", query).strip()
    pages = Page.objects.live().public().filter(path__startswith=root_path, depth__gt=len(root_path) // Page.steplen)
    hits = pages.search(words, operator="and") if words else []
    if words and not len(hits):
        hits = pages.search(words, operator="or")
    part = Paginator(hits, PER_PAGE).get_page(number)
    return Results(query=query, total=part.paginator.count, slice=part, found=_with_agency(list(part.object_list)))


def _with_agency(pages: list[Page]) -> list[Found]:
    """The short name of the section each page lies in, for all pages at once."""
    specific = Page.objects.filter(pk__in=[page.pk for page in pages]).specific().defer_streamfields()
    by_id = {page.pk: page for page in specific}
    sections = _sections_above(pages)
    return [Found(by_id[page.pk], _agency_of(page, sections)) for page in pages if page.pk in by_id]


def _sections_above(pages: list[Page]) -> dict[str, str]:
    step = Page.steplen
    prefixes = {page.path[:end] for page in pages for end in range(step, len(page.path) + 1, step)}
    return dict(AgencyPage.objects.filter(path__in=prefixes).values_list("path", "title"))


def _agency_of(page: Page, sections: dict[str, str]) -> str:
    above = [path for path in sections if page.path.startswith(path) and path != page.path]
    return sections[max(above, key=len)] if above else ""

"""Reads of agencies and their sections as citizens see them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from wagtail.models import Page

from cms.completeness import DELIVERY
from cms.models import AgencyIndexPage, AgencyPage, CharterPage, InformationPage, NewsPage, ServicePage
from core.models import Agency

PageT = TypeVar("PageT", bound=Page)

# Order of the directory; a kind without a page is left out.
KIND_ORDER = (
    Agency.Kind.GOVERNMENT,
    Agency.Kind.SECRETARIAT,
    Agency.Kind.OFFICE,
    Agency.Kind.BOARD,
    Agency.Kind.HOSPITAL,
    Agency.Kind.HEALTH_CENTRE,
    Agency.Kind.UNIT,
    Agency.Kind.DISTRICT,
    Agency.Kind.VILLAGE,
    Agency.Kind.ENTERPRISE,
)


@dataclass(frozen=True)
class AgencyEntry:
    page: AgencyPage
    services: int


@dataclass(frozen=True)
class AgencyGroup:
    kind: str
    label: str | Promise
    entries: list[AgencyEntry] = field(default_factory=list)


def agency_groups(index: AgencyIndexPage, *, kind: str = "", query: str = "") -> list[AgencyGroup]:
    """Live agency pages below the directory by kind, with their number of published services. Two queries."""
    pages = _agency_pages(index, kind, query)
    services = Counter(ServicePage.objects.descendant_of(index).live().values_list("service__agency_id", flat=True))
    groups = {code: AgencyGroup(code, Agency.Kind(code).label) for code in KIND_ORDER}
    for page in pages:
        groups[page.agency.kind].entries.append(AgencyEntry(page, services[page.agency_id]))
    return [group for group in groups.values() if group.entries]


def _agency_pages(index: AgencyIndexPage, kind: str, query: str) -> QuerySet[AgencyPage]:
    pages = AgencyPage.objects.child_of(index).live().public().filter(agency__isnull=False)
    pages = pages.select_related("agency").order_by("title")
    if kind in Agency.Kind.values:
        pages = pages.filter(agency__kind=kind)
    if query:
        names = Q(title__icontains=query) | Q(agency__name__icontains=query)
        pages = pages.filter(names | Q(agency__short_name__icontains=query))
    return pages


@dataclass(frozen=True)
class Section:
    """What a citizen finds in an agency's section; services without their components."""

    services: list[ServicePage]
    charter: CharterPage | None
    news: list[NewsPage]
    information: list[InformationPage]
    units: list[AgencyPage]


def section_of_agency(page: AgencyPage) -> Section:
    """The public pages below an agency's page, and the pages of the agencies directly below this one.

    Three queries, and one more for each kind of page that is there.
    """
    ids = _public_children(page)
    services = ServicePage.objects.filter(pk__in=ids["servicepage"]).select_related("service")
    charters = CharterPage.objects.filter(pk__in=ids["charterpage"]).order_by("-signed_on")
    news = NewsPage.objects.filter(pk__in=ids["newspage"]).defer("body").select_related("photo")
    information = InformationPage.objects.filter(pk__in=ids["informationpage"]).defer("body")
    return Section(
        services=_read(services.only(*_list_fields()).order_by("title"), ids["servicepage"]),
        charter=next(iter(_read(charters, ids["charterpage"])), None),
        news=_read(news.order_by("-published_on", "-pk")[:3], ids["newspage"]),
        information=_read(information, ids["informationpage"]),
        units=list(_units(page)),
    )


def _public_children(page: AgencyPage) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    children = Page.objects.child_of(page).live().public()
    for pk, model in children.values_list("pk", "content_type__model"):
        ids[model].append(pk)
    return ids


def _read(pages: QuerySet[PageT], ids: list[int]) -> list[PageT]:
    return list(pages) if ids else []


def _units(page: AgencyPage) -> QuerySet[AgencyPage]:
    units = AgencyPage.objects.live().filter(agency__parent=page.agency_id, agency__parent__isnull=False)
    return units.order_by("title")


def _list_fields() -> tuple[str, ...]:
    page = ("title", "slug", "path", "depth", "url_path", "content_type", "locale", "live")
    own = ("summary", "published_delivery", "published_total", "fee_kind", "duration_qualifier")
    return (*page, *own, "duration_value", "duration_unit", "service__name", "service__audience", "service__agency")


@dataclass(frozen=True)
class SiteNumbers:
    agencies: int
    services: int
    complete: int


def site_numbers(root: Page) -> SiteNumbers:
    """Published agency pages and standards below this page, and how many state all six parts for users. Two queries."""
    services = ServicePage.objects.descendant_of(root).live()
    counts = services.aggregate(total=Count("pk"), complete=Count("pk", filter=Q(published_delivery=len(DELIVERY))))
    agencies = AgencyPage.objects.descendant_of(root).live().count()
    return SiteNumbers(agencies=agencies, services=counts["total"], complete=counts["complete"])

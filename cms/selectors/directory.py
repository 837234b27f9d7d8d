"""Reads of agencies and their sections as citizens see them."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from wagtail.models import Page

from cms.completeness import DELIVERY
from cms.models import AgencyIndexPage, AgencyPage, CharterPage, InformationPage, NewsPage, ServicePage
from core.models import Agency

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


def agency_services(page: AgencyPage) -> QuerySet[ServicePage]:
    """Published standards of a section, without their components."""
    services = ServicePage.objects.child_of(page).live().public().select_related("service")
    return services.only(*_list_fields()).order_by("title")


def _list_fields() -> tuple[str, ...]:
    page = ("title", "slug", "path", "depth", "url_path", "content_type", "locale", "live")
    own = ("summary", "published_delivery", "published_total", "fee_kind", "duration_qualifier")
    return (*page, *own, "duration_value", "duration_unit", "service__name", "service__audience", "service__agency")


@dataclass(frozen=True)
class SectionParts:
    """What a section holds besides its services."""

    charter: CharterPage | None
    news: list[NewsPage]
    information: list[InformationPage]
    units: list[AgencyPage]


def section_parts(page: AgencyPage) -> SectionParts:
    """Four queries; the units are agencies directly below this one that have a page."""
    units = AgencyPage.objects.live().public().filter(agency__parent=page.agency_id)
    news = NewsPage.objects.child_of(page).live().public().defer("body")
    return SectionParts(
        charter=CharterPage.objects.child_of(page).live().public().order_by("-signed_on").first(),
        news=list(news.order_by("-published_on", "-pk")[:3]),
        information=list(InformationPage.objects.child_of(page).live().public().defer("body")),
        units=list(units.order_by("title")) if page.agency_id else [],
    )


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

"""What every page type of the site shares."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.models import Page, Site
from wagtail.search import index

from cms.panels import TabPanel

if TYPE_CHECKING:
    from core.models import Agency

    from .agencies import AgencyPage


def tabs(*groups: tuple[str, list[Panel]]) -> TabbedInterface:
    """Edit form in tabs named part1, part2 …; address, search engines and dates come last."""
    parts = (*groups, (_("Address and dates"), _settings_panels()))
    return TabbedInterface(
        [
            TabPanel(panels, heading=heading, name=f"part{number}")
            for number, (heading, panels) in enumerate(parts, start=1)
        ]
    )


def _settings_panels() -> list[Panel]:
    return [
        PublishingPanel(),
        FieldPanel("slug", heading=_("Address")),
        MultiFieldPanel(
            [
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Search engines and menu"),
        ),
    ]


class SitePage(Page):
    """Base of all content pages: no table of its own, only shared behaviour."""

    search_fields = [*Page.search_fields, index.SearchField("search_description")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["breadcrumbs"] = self._breadcrumbs(request)
        return context

    def _breadcrumbs(self, request: HttpRequest) -> list[dict[str, str]]:
        """From the site's root down to this page; none on the root itself. Empty for a page not yet in the tree."""
        site = Site.find_for_request(request)
        if not (site and self.path) or self.pk == site.root_page_id:
            return []
        above = self.get_ancestors(inclusive=True).filter(depth__gte=site.root_page.depth)
        return [{"label": page.title, "url": page.get_url(request)} for page in above]

    def section(self) -> "AgencyPage | None":
        return section_of(self)

    def section_agency(self) -> "Agency | None":
        section = section_of(self)
        return section.agency if section else None


def section_of(page: Page) -> "AgencyPage | None":
    """The agency's page this page lies under; None outside every section or before it is in the tree."""
    if not page.path:
        return None
    above = page.get_ancestors(inclusive=True)
    found = above.filter(content_type__app_label="cms", content_type__model="agencypage").last()
    return found.specific if found else None

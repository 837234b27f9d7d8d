"""The front page of a region's site."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index

from cms.models.base import SitePage, tabs


class HomePage(SitePage):
    """Root page of a site; what it shows comes from the region's live data."""

    headline = models.CharField(_("headline"), max_length=120, blank=True)
    intro = models.TextField(_("introduction"), max_length=300, blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.AgencyIndexPage", "cms.NewsIndexPage", "cms.InformationPage"]
    template = "home/home_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("intro")]
    edit_handler = tabs(
        (
            _("Content"),
            [TitleFieldPanel("title"), FieldPanel("headline"), FieldPanel("intro")],
        ),
    )

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

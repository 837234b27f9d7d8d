"""Pages of plain information: about the site, privacy, how to complain."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.fields import StreamField

from .base import SitePage, tabs


class InformationPage(SitePage):
    summary = models.CharField(_("summary"), max_length=250, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    parent_page_types = ["home.HomePage", "cms.AgencyPage", "cms.InformationPage"]
    subpage_types = ["cms.InformationPage"]
    template = "cms/information_page.html"
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    edit_handler = tabs(
        (
            _("Content"),
            [TitleFieldPanel("title"), FieldPanel("summary"), FieldPanel("body")],
        ),
    )

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["below"] = self.get_children().live().public() if self.numchild else []
        return context

"""News of the region and of its agencies."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.fields import StreamField

from .base import SitePage, tabs


class NewsIndexPage(SitePage):
    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["cms.NewsPage"]
    template = "cms/news_index_page.html"
    edit_handler = tabs((_("Content"), [TitleFieldPanel("title"), FieldPanel("intro")]))

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")


class NewsPage(SitePage):
    """One item; below the news list it is the region's, below an agency's page it is that agency's."""

    published_on = models.DateField(_("date"), null=True, help_text=_("The date shown above the item."))
    summary = models.CharField(
        _("summary"),
        max_length=250,
        help_text=_("One or two sentences, shown in lists."),
    )
    photo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    photo_alt = models.CharField(
        _("description of the photo"),
        max_length=200,
        blank=True,
        help_text=_("For people who cannot see it."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    parent_page_types = ["cms.NewsIndexPage", "cms.AgencyPage"]
    subpage_types: list[str] = []
    template = "cms/news_page.html"
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    edit_handler = tabs(
        (
            _("Content"),
            [
                TitleFieldPanel("title"),
                FieldPanel("published_on"),
                FieldPanel("summary"),
                FieldPanel("photo"),
                FieldPanel("photo_alt"),
                FieldPanel("body"),
            ],
        )
    )

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

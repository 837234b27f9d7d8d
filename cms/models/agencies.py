"""The agency directory and the front page of an agency's section."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from core.models import Agency

from .base import SitePage, tabs


class AgencyIndexPage(SitePage):
    """The directory of agencies."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["cms.AgencyPage"]
    template = "cms/agency_index_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("intro")]
    edit_handler = tabs((_("Content"), [TitleFieldPanel("title"), FieldPanel("intro")]))

    class Meta:
        verbose_name = _("agency directory")
        verbose_name_plural = _("agency directories")


class AgencyPage(SitePage):
    """Front page of one agency; everything below it is the section its editors see."""

    # Null only in a copy, which may not show the same agency twice.
    agency = models.OneToOneField(
        Agency,
        models.PROTECT,
        null=True,
        related_name="page",
        verbose_name=_("agency"),
        help_text=_("Each agency has one page. The editors of this agency work below it."),
    )
    intro = models.TextField(
        _("introduction"),
        max_length=500,
        blank=True,
        help_text=_("Two or three sentences: what people come here for."),
    )
    photo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
        help_text=_("The building or the counter, so that people recognise it."),
    )
    about = RichTextField(_("about"), blank=True, features=["h3", "bold", "italic", "link", "ol", "ul"])
    address = models.TextField(_("address"), max_length=300, blank=True)
    opening_hours = models.TextField(
        _("opening hours"),
        max_length=300,
        blank=True,
        help_text=_("One line for each day or group of days."),
    )
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    whatsapp = models.CharField(_("WhatsApp"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)

    parent_page_types = ["cms.AgencyIndexPage"]
    exclude_fields_in_copy = ["agency"]
    template = "cms/agency_page.html"
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("about"),
        index.SearchField("address"),
        index.RelatedFields(
            "agency",
            [
                index.SearchField("name"),
                index.SearchField("short_name"),
                index.AutocompleteField("name"),
            ],
        ),
    ]
    edit_handler = tabs(
        (
            _("Content"),
            [
                TitleFieldPanel("title"),
                FieldPanel("agency"),
                FieldPanel("intro"),
                FieldPanel("photo"),
                FieldPanel("about"),
            ],
        ),
        (
            _("Contact"),
            [
                HelpPanel(content=_("Give contacts of the office, not of a person.")),
                FieldPanel("address"),
                FieldPanel("opening_hours"),
                MultiFieldPanel(
                    [
                        FieldPanel("phone"),
                        FieldPanel("whatsapp"),
                        FieldPanel("email"),
                        FieldPanel("website"),
                    ],
                    heading=_("Channels"),
                ),
            ],
        ),
    )

    class Meta:
        verbose_name = _("agency page")
        verbose_name_plural = _("agency pages")

    def clean(self) -> None:
        super().clean()
        if self.path and self.agency and _foreign(self.agency, self.get_site()):
            raise ValidationError({"agency": _("This agency belongs to another region's site.")})


def _foreign(agency: Agency, site: Any) -> bool:
    region = getattr(site, "region", None) if site else None
    return region is not None and region.pk != agency.region_id

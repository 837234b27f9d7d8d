"""Maklumat pelayanan: the signed promise of an agency (UU 25/2009 art. 22). Its versions are Wagtail's revisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.search import index

from .base import SitePage, tabs


class CharterPage(SitePage):
    promise = models.TextField(
        _("promise"),
        max_length=1000,
        help_text=_("Able to serve according to the standard that was set. Write in the words of the signed sheet."),
    )
    sanctions = models.TextField(
        _("if the promise is not kept"),
        max_length=1000,
        help_text=_("Ready to accept sanctions under the law."),
    )
    place = models.CharField(_("place"), max_length=100)
    signed_on = models.DateField(_("signed on"), null=True)
    signatory_name = models.CharField(_("name of the signatory"), max_length=150)
    signatory_title = models.CharField(_("title of the signatory"), max_length=150)
    displayed_since = models.DateField(
        _("displayed since"),
        null=True,
        blank=True,
        help_text=_("The day the sheet was put up at the counter."),
    )
    document = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed sheet"),
        help_text=_("Scan of the signed sheet, as PDF."),
    )

    parent_page_types = ["cms.AgencyPage"]
    subpage_types: list[str] = []
    template = "cms/charter_page.html"
    search_fields = [*SitePage.search_fields, index.SearchField("promise")]
    edit_handler = tabs(
        (
            _("Content"),
            [
                TitleFieldPanel("title"),
                FieldPanel("promise"),
                FieldPanel("sanctions"),
                MultiFieldPanel(
                    [
                        FieldPanel("place"),
                        FieldPanel("signed_on"),
                        FieldPanel("signatory_name"),
                        FieldPanel("signatory_title"),
                    ],
                    heading=_("Signature"),
                ),
                MultiFieldPanel(
                    [FieldPanel("displayed_since"), FieldPanel("document")],
                    heading=_("Display"),
                ),
            ],
        )
    )

    class Meta:
        verbose_name = _("service charter")
        verbose_name_plural = _("service charters")

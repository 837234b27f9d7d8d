"""The page on which a survey is written and found. What it collects lives in ``Survey`` and below."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.contrib.forms.models import FormMixin

from cms.fields import StreamField
from cms.models.base import SitePage, tabs
from core.models import Service
from surveys.blocks import QuestionsBlock
from surveys.forms import SurveyPageForm
from surveys.panels import OfficialQuestionsPanel

from .collecting import Survey
from .instruments import InstrumentVersion


class SurveyPage(FormMixin, SitePage):
    """Written without code: an instrument's locked questions and the agency's own.

    The page shows; ``surveys.views.answering`` stores. Unpublishing closes the survey, deleting the page leaves every
    answer where it is. Wagtail's form list shows these pages; their answers open in our own scoped list.
    """

    # Made at the first publication and kept from then on, whatever an old revision says.
    survey = models.OneToOneField(Survey, models.PROTECT, null=True, blank=True, editable=False, related_name="page")
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instrument")
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Leave empty to ask about all services of the agency."),
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Service.Audience, default=Service.Audience.PUBLIC)
    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences above the first question."),
    )
    intro_en = models.TextField(_("introduction in English"), max_length=400, blank=True)
    questions = StreamField(QuestionsBlock(), blank=True, verbose_name=_("own questions"))
    asks_comment = models.BooleanField(_("ask for a suggestion"), default=True)
    asks_profile = models.BooleanField(
        _("ask for sex, age, education and occupation"),
        default=True,
        help_text=_("Always optional for the citizen. Reports need the profile of those who answered."),
    )
    closing = models.TextField(
        _("thank-you text"), max_length=400, blank=True, help_text=_("Shown after the answer was sent.")
    )
    closing_en = models.TextField(_("thank-you text in English"), max_length=400, blank=True)
    opens_on = models.DateField(_("first day"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)

    base_form_class = SurveyPageForm
    parent_page_types = ["cms.AgencyPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["survey"]
    template = "surveys/survey_preview.html"
    landing_page_template = "surveys/thanks.html"
    preview_modes = [("form", _("Form")), ("landing", _("Thank-you page"))]
    edit_handler = tabs(
        (
            _("Questions"),
            [
                TitleFieldPanel("title"),
                MultiFieldPanel(
                    [
                        FieldPanel("instrument_version"),
                        FieldPanel("service"),
                        FieldPanel("audience"),
                        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                    ],
                    heading=_("What is asked, and when"),
                ),
                FieldPanel("intro"),
                OfficialQuestionsPanel(heading=_("Official questions (locked)"), classname="collapsible"),
                FieldPanel("questions"),
                MultiFieldPanel(
                    [FieldPanel("asks_comment"), FieldPanel("asks_profile")], heading=_("At the end of the form")
                ),
                FieldPanel("closing"),
            ],
        ),
        (
            _("English"),
            [
                HelpPanel(content=_("Citizens who choose English see these texts; an empty one stays Indonesian.")),
                FieldPanel("title_en"),
                FieldPanel("intro_en"),
                FieldPanel("closing_en"),
            ],
        ),
    )

    class Meta:
        verbose_name = _("survey page")
        verbose_name_plural = _("survey pages")

    def save(self, *args: Any, **kwargs: Any) -> None:
        # An alias shows the survey of its source; two pages of one survey would disagree about its texts.
        if self.alias_of_id is not None:
            self.survey = None
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "SurveyPage":
        """A draft older than the first publication must not cut the page from its survey."""
        page: SurveyPage = super().with_content_json(content)
        page.survey_id = self.survey_id
        return page

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The short address: showing a form there costs one query instead of a walk down the page tree."""
        parts = super().get_url_parts(request)
        if parts is None or self.survey_id is None:
            return parts
        return parts[0], parts[1], reverse("surveys:form", args=[self.survey.slug])

    def get_form_fields(self) -> list[Any]:
        """Wagtail's own form machinery never reads our answers; ours live in ``Response``."""
        return []

    def serve_submissions_list_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(f"{reverse('survey_responses:index')}?survey={self.survey_id or ''}")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        template = self.landing_page_template if mode_name == "landing" else self.template
        return TemplateResponse(request, template, {"page": self, "closing": self.closing, "is_preview": True})

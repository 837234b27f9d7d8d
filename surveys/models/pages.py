"""The page on which a survey is written and found. What it collects lives in ``Survey`` and below."""

from typing import Any
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import FormMixin

from cms.fields import StreamField
from cms.models.base import SitePage
from core.models import Service
from surveys.blocks import QuestionsBlock
from surveys.copying import copied
from surveys.definition import DEFAULT_LANGUAGES
from surveys.forms import SurveyPageForm
from surveys.officialblocks import OfficialWordingsBlock

from .collecting import Survey
from .instruments import InstrumentVersion
from .page_panels import survey_tabs


def usual_languages() -> list[str]:
    return list(DEFAULT_LANGUAGES)


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
    title_jv = models.CharField(_("title in Javanese"), max_length=200, blank=True)
    title_mad = models.CharField(_("title in Madurese"), max_length=200, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=400, blank=True)
    intro_jv = models.TextField(_("introduction in Javanese"), max_length=400, blank=True)
    intro_mad = models.TextField(_("introduction in Madurese"), max_length=400, blank=True)
    languages = models.JSONField(
        _("languages"),
        default=usual_languages,
        help_text=_("Citizens choose among these. Where a translation is missing they read Indonesian."),
    )
    layout = models.CharField(
        _("layout"),
        max_length=12,
        choices=[("one_page", _("All questions on one page")), ("per_question", _("One question per page"))],
        default="one_page",
    )
    asks_reason = models.BooleanField(
        _("ask for a short reason after a low score"),
        default=True,
        help_text=_("Always optional. On a scale of four: after an answer of 1 or 2."),
    )
    official_wording = StreamField(
        OfficialWordingsBlock(), blank=True, verbose_name=_("own words for official questions")
    )
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
    closing_jv = models.TextField(_("thank-you text in Javanese"), max_length=400, blank=True)
    closing_mad = models.TextField(_("thank-you text in Madurese"), max_length=400, blank=True)
    texts_kept_months = models.PositiveSmallIntegerField(
        _("months for which comments and written answers are kept"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "Then they are deleted; scores and choices stay. Empty: kept. Once there are answers it only gets shorter."
        ),
    )
    opens_on = models.DateField(_("first day"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)

    # {"<question id>": "<id it was copied from>"}.
    question_origins = models.JSONField(default=dict, blank=True, editable=False)
    # The page these question ids were made for. On a copy it still names the source, until the copy gets its own.
    questions_of = models.UUIDField(null=True, editable=False)

    base_form_class = SurveyPageForm
    parent_page_types = ["cms.AgencyPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["survey"]
    template = "surveys/survey_preview.html"
    landing_page_template = "surveys/thanks.html"
    preview_modes = [("form", _("Form")), ("landing", _("Thank-you page"))]
    edit_handler = survey_tabs()

    class Meta:
        verbose_name = _("survey page")
        verbose_name_plural = _("survey pages")

    def save(self, *args: Any, **kwargs: Any) -> None:
        # An alias shows the survey of its source; two pages of one survey would disagree about its texts.
        if self.alias_of_id is not None:
            self.survey = None
        self.own_questions()
        super().save(*args, **kwargs)

    def own_questions(self) -> None:
        """Give a copied page questions of its own. However it was copied, ``questions_of`` still names the source."""
        owner: UUID = self.translation_key
        if self.questions_of not in {None, owner} and self.alias_of_id is None:
            block = self._meta.get_field("questions").stream_block
            rows, origins = copied(block.get_prep_value(self.questions), owner)
            self.questions, self.question_origins = block.to_python(rows), origins
        self.questions_of = owner

    def with_content_json(self, content: dict[str, Any]) -> "SurveyPage":
        """A draft older than the first publication must not cut the page from its survey."""
        page: SurveyPage = super().with_content_json(content)
        page.survey_id = self.survey_id
        page.own_questions()
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

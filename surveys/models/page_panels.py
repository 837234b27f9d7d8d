"""The editor's form of a survey page, tab by tab."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from cms.models.base import tabs
from surveys.panels import EffectPanel, LibraryPanel, OfficialQuestionsPanel


def survey_tabs() -> TabbedInterface:
    return tabs(
        (_("Questions"), _question_panels()),
        (_("Form"), _form_panels()),
        (_("Other languages"), _language_panels()),
    )


def _question_panels() -> list[Panel]:
    return [
        TitleFieldPanel("title"),
        EffectPanel(heading=_("What publishing this draft does")),
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
        OfficialQuestionsPanel(heading=_("Official questions (locked)"), classname="collapsed"),
        FieldPanel("official_wording", classname="collapsed"),
        FieldPanel("questions"),
        LibraryPanel(heading=_("Question library")),
    ]


def _form_panels() -> list[Panel]:
    return [
        MultiFieldPanel([FieldPanel("layout"), FieldPanel("languages")], heading=_("How it is shown")),
        MultiFieldPanel(
            [FieldPanel("asks_reason"), FieldPanel("asks_comment"), FieldPanel("asks_profile")],
            heading=_("What is asked besides"),
        ),
        FieldPanel("closing"),
        FieldPanel("texts_kept_months"),
    ]


def _language_panels() -> list[Panel]:
    help_text = _("Citizens who choose another language see these texts; an empty one stays Indonesian.")
    return [
        HelpPanel(content=help_text),
        _texts(_("English"), "en"),
        _texts(_("Javanese"), "jv"),
        _texts(_("Madurese"), "mad"),
    ]


def _texts(heading: Any, language: str) -> MultiFieldPanel:
    panels = [FieldPanel(f"{name}_{language}") for name in ("title", "intro", "closing")]
    return MultiFieldPanel(panels, heading=heading)

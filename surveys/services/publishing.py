"""From the page an editor published to the record that collects answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from core.models import Agency, User
from surveys.definition import Definition, languages_of
from surveys.drafting import DEFAULT_INSTRUMENT
from surveys.errors import PublishingRefused
from surveys.models import (
    AgeBand,
    Education,
    InstrumentVersion,
    Occupation,
    QuestionnaireVersion,
    Sex,
    Survey,
    SurveyPage,
)
from surveys.rendering import fingerprint, render_questions
from surveys.services.effects import definition_of, effect_of
from surveys.services.versions import publish_version

PROFILE_CHOICES = {
    "sex": Sex.choices,
    "age_band": AgeBand.choices,
    "education": Education.choices,
    "occupation": Occupation.choices,
}


def rendered_in(definition: Definition) -> dict[str, str]:
    """The questions as HTML per language, and what they were made with."""
    spoken = languages_of(definition)
    html = {language: render_questions(definition, language, profiles=PROFILE_CHOICES) for language in spoken}
    return html | {"made_with": fingerprint()}


def kept_questions(version: QuestionnaireVersion, language: str) -> str:
    """The kept HTML of a version. Made again, once, after a release changed templates or words; no query otherwise."""
    if version.rendered.get("made_with") != fingerprint():
        version.rendered = rendered_in(version.definition)
        QuestionnaireVersion.objects.filter(pk=version.pk).update(rendered=version.rendered)
    html: str = version.rendered[language]
    return html


@transaction.atomic
def publish_questionnaire(*, page: SurveyPage, now: datetime, actor: User | None = None) -> QuestionnaireVersion:
    """Create or update the survey behind a page and freeze its questionnaire.

    An unchanged page adds no version, new wording counts the minor number up, a new meaning the major one.
    Raises PublishingRefused, with sentences for the editor, when the draft is unfit or would make stored answers lie,
    and ValueError when the page lies in no agency's section.
    """
    refusals = effect_of(page).refusals
    if refusals:
        raise PublishingRefused(refusals)
    instrument = page.instrument_version or _default_instrument(page)
    survey = page.survey or _new_survey(page, instrument)
    survey.texts_kept_months, survey.closed_at = page.texts_kept_months, None
    survey.title, survey.service, survey.audience, survey.is_open = page.title, page.service, page.audience, True
    survey.save()
    definition = definition_of(page)
    return publish_version(survey=survey, definition=definition, now=now, actor=actor, rendered=rendered_in(definition))


def _default_instrument(page: SurveyPage) -> InstrumentVersion:
    version = page.instrument_version = InstrumentVersion.objects.get(code=DEFAULT_INSTRUMENT)
    SurveyPage.objects.filter(pk=page.pk).update(instrument_version=version)
    return version


def _new_survey(page: SurveyPage, instrument: InstrumentVersion) -> Survey:
    agency = page.section_agency()
    if agency is None:
        raise ValueError("A survey page must lie in the section of an agency.")
    survey = Survey.objects.create(
        slug=free_slug(agency, page.slug),
        agency=agency,
        title=page.title,
        instrument_version=instrument,
        is_demo=agency.is_demo,
    )
    page.survey = survey
    SurveyPage.objects.filter(pk=page.pk).update(survey=survey)
    return survey


def free_slug(agency: Agency, wanted: str) -> str:
    """Address of a survey, unique over all regions and never changed later: it stands in links and messages."""
    base = slugify(f"{agency.code}-{wanted}")[:70]
    taken = set(Survey.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def close_survey(*, page: SurveyPage, now: datetime) -> None:
    """Stop collecting; what was collected stays counted, and whoever has the form open may still send it."""
    Survey.objects.filter(pk=page.survey_id, is_open=True).update(is_open=False, closed_at=now)

"""Wagtail's own publishing signals, however a page is published: by hand, on schedule or by a command."""

import logging
from typing import Any

from django.utils import timezone
from wagtail.log_actions import log

from surveys.errors import PublishingRefused
from surveys.models import SurveyPage
from surveys.services.publishing import close_survey, publish_questionnaire

logger = logging.getLogger(__name__)


def freeze(sender: type, instance: SurveyPage, **kwargs: Any) -> None:
    """The editor's form refuses what must not be published; a schedule or a command meets it only here.

    The survey then goes on under the questionnaire in use, the page's history says why, and other pages are published.
    """
    # An alias shows the survey of its source and never collects on its own; nor does a page in another language.
    if instance.alias_of_id is not None or _is_translation(instance):
        return
    revision = kwargs.get("revision")
    user = revision.user if revision else None
    try:
        publish_questionnaire(page=instance, now=timezone.now(), actor=user)
    except PublishingRefused as refusal:
        logger.warning("survey page %s keeps its questionnaire: %s", instance.pk, refusal)
        log(instance, "surveys.refused", user=user, data={"reasons": [str(part) for part in refusal.sentences]})


def close(sender: type, instance: SurveyPage, **kwargs: Any) -> None:
    if instance.alias_of_id is None:
        close_survey(page=instance, now=timezone.now())


def _is_translation(page: SurveyPage) -> bool:
    """One dataset for all languages: a second page of the same survey never collects."""
    same = SurveyPage.objects.filter(translation_key=page.translation_key, survey__isnull=False)
    return page.survey_id is None and same.exclude(pk=page.pk).exists()

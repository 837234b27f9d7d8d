"""Wagtail's own publishing signals, however a page is published: by hand, on schedule or by a command."""

from typing import Any

from django.utils import timezone

from surveys.models import SurveyPage
from surveys.services.publishing import close_survey, publish_questionnaire


def freeze(sender: type, instance: SurveyPage, **kwargs: Any) -> None:
    # An alias shows the survey of its source and never collects on its own.
    if instance.alias_of_id is None:
        revision = kwargs.get("revision")
        publish_questionnaire(page=instance, now=timezone.now(), actor=revision.user if revision else None)


def close(sender: type, instance: SurveyPage, **kwargs: Any) -> None:
    if instance.alias_of_id is None:
        close_survey(page=instance)

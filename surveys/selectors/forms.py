"""What showing or receiving a form reads: one query each, everything the service needs joined in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from core.models import Service
from surveys.codes import is_signed, normalise
from surveys.models import QuestionnaireVersion, ServicePoint, Survey

# The page brings the texts and the first and last day; it is missing only in surveys made by an import.
_SURVEY = ("current_version", "agency__region", "service", "page")


def signing_keys() -> Sequence[str]:
    """Newest first; posters printed before a key change stay valid."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def point_for(text: str) -> ServicePoint | None:
    """The active point behind a typed or scanned code; a forged code costs no query, a revoked one finds nothing."""
    code = normalise(text)
    if not is_signed(code, signing_keys()):
        return None
    joined = [f"survey__{name}" for name in _SURVEY]
    points = ServicePoint.objects.active().select_related("survey", "service", *joined)
    return points.filter(code=code).first()


def open_survey(slug: str) -> Survey | None:
    """The survey with its current version, agency, region and service, when it takes answers."""
    return Survey.objects.open().select_related(*_SURVEY).filter(slug=slug).first()


def survey_for(slug: str) -> Survey | None:
    """The same whether or not it takes answers now; None before its first publication."""
    surveys = Survey.objects.filter(slug=slug, current_version__isnull=False)
    return surveys.select_related(*_SURVEY).first()


def services_offered(survey: Survey, on: date) -> list[Service]:
    """What a citizen may choose from when neither point nor survey names the service; one query, or none."""
    if survey.service_id is not None:
        return []
    return list(survey.agency.services.active(on).filter(audience=survey.audience).order_by("name"))


def open_surveys(region_id: int | None) -> list[Survey]:
    """Public surveys of a region that take answers, by agency; one query."""
    surveys = Survey.objects.open().filter(audience=Service.Audience.PUBLIC).select_related("agency", "service")
    if region_id is not None:
        surveys = surveys.filter(agency__region_id=region_id)
    return list(surveys.order_by("agency__name", "title"))


def version_for(slug: str, version_id: int) -> QuestionnaireVersion | None:
    """The version a form was shown under, however many were published since."""
    versions = QuestionnaireVersion.objects.select_related("survey", *[f"survey__{name}" for name in _SURVEY[1:]])
    return versions.defer("rendered").filter(pk=version_id, survey__slug=slug).first()

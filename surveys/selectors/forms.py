"""What showing or receiving a form reads: one query each, everything the service needs joined in."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from surveys.codes import is_signed, normalise
from surveys.models import QuestionnaireVersion, ServicePoint, Survey

_SURVEY = ("current_version", "agency__region", "service")


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


def version_for(slug: str, version_id: int) -> QuestionnaireVersion | None:
    """The version a form was shown under, however many were published since."""
    versions = QuestionnaireVersion.objects.select_related("survey", *[f"survey__{name}" for name in _SURVEY[1:]])
    return versions.defer("rendered").filter(pk=version_id, survey__slug=slug).first()

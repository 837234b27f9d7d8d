"""What showing or receiving a form reads: one query each, everything the service needs joined in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Aggregate, Case, JSONField, OuterRef, Subquery, When
from django.db.models.functions import JSONObject

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
    asks = When(service__isnull=True, survey__service__isnull=True, then=_offered("survey__"))
    point = points.annotate(offered=Case(asks)).filter(code=code).first()
    if point is not None:
        point.survey.offered = point.offered  # type: ignore[attr-defined]
    return point


def open_survey(slug: str) -> Survey | None:
    """The survey with its current version, agency, region and service, when it takes answers."""
    return Survey.objects.open().select_related(*_SURVEY).filter(slug=slug).first()


def survey_for(slug: str) -> Survey | None:
    """The same whether or not it takes answers now; None before its first publication."""
    surveys = Survey.objects.filter(slug=slug, current_version__isnull=False)
    asks = When(service__isnull=True, then=_offered())
    return surveys.select_related(*_SURVEY).annotate(offered=Case(asks)).first()


class _JsonRows(Aggregate):
    """All rows of a group as one JSON list, on both databases."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra)


def _offered(prefix: str = "") -> Subquery:
    """The services a citizen may have to choose from; they come with the survey, so that asking costs no query."""
    services = Service.objects.filter(agency=OuterRef(f"{prefix}agency"), audience=OuterRef(f"{prefix}audience"))
    columns = {name: name for name in ("id", "code", "name", "active_from", "active_until")}
    rows = services.order_by().values("agency").annotate(rows=_JsonRows(JSONObject(**columns)))
    return Subquery(rows.values("rows"))


def services_offered(survey: Survey, on: date) -> list[Service]:
    """What a citizen may choose from when neither point nor survey names the service.

    No query for a survey of ``point_for`` or ``survey_for``, one for any other.
    """
    if survey.service_id is not None:
        return []
    if hasattr(survey, "offered"):
        rows = [row for row in survey.offered or [] if _is_active(row, on.isoformat())]
        fields = ("id", "code", "name")
        services = [Service(agency_id=survey.agency_id, **{name: row[name] for name in fields}) for row in rows]
        return sorted(services, key=lambda service: service.name.casefold())
    return list(survey.agency.services.active(on).filter(audience=survey.audience).order_by("name"))


def _is_active(row: dict[str, Any], on: str) -> bool:
    """``PeriodQuerySet.active`` for a row of JSON, where days are ISO texts."""
    return (row["active_from"] or "") <= on and (row["active_until"] is None or row["active_until"] > on)


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

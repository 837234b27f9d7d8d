"""What showing or receiving a form reads: one query each, everything the service needs joined in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Aggregate, Case, JSONField, OuterRef, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast, JSONObject

from core.keeping import Prepared, Shelf
from core.models import Service
from surveys.codes import is_signed, normalise
from surveys.models import QuestionnaireVersion, ServicePoint, Survey

# The page brings the texts and the first and last day; it is missing only in surveys made by an import.
_SURVEY = ("current_version", "agency__region", "service", "page")
# Written by editors and never shown to a citizen: a published form reads its frozen questionnaire.
_UNREAD = ("official_wording", "questions", "question_origins")
_TEXTS = ("title_en", "title_jv", "title_mad", *(f"{name}{code}" for name in ("intro", "closing")
          for code in ("", "_en", "_jv", "_mad")))  # fmt: skip
_SERVICE = ("code", "name", "active_from", "active_until")
# Everything of a survey that a form shows or decides by. Whoever shows more of it adds it here.
_STATE = (
    *("slug", "title", "audience", "is_open", "closed_at", "agency_id", "service_id"),
    *(f"service__{name}" for name in _SERVICE),
    *("current_version_id", "current_version__content_hash", "page__opens_on", "page__closes_on"),
    *("agency__name", "agency__path", "agency__region_id", "agency__region__time_zone"),
    *(f"page__{name}" for name in _TEXTS),
)
_POINT_STATE = ("id", "name", "code", "survey_id", "service_id", *(f"service__{name}" for name in _SERVICE))

_points: Shelf[ServicePoint] = Shelf(2_000)
_surveys: Shelf[Survey] = Shelf(500)
# Definition and HTML of a version: many points hand out the same.
_contents: Shelf[tuple[Any, Any]] = Shelf(500)


def signing_keys() -> Sequence[str]:
    """Newest first; posters printed before a key change stay valid."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def point_for(text: str) -> ServicePoint | None:
    """The active point behind a typed or scanned code; a forged code costs no query, a revoked one finds nothing.

    Kept in the process with all that showing and receiving its form needs, under a stamp of everything that may change;
    one narrow query reads the stamp, so a change counts at the next request. What is returned is shared: only read it.
    """
    code = normalise(text)
    if not is_signed(code, signing_keys()):
        return None
    kept = _points.get(code)
    if kept is None:
        return _read_point(code)
    now = _point_stamp.first(code)
    if now is None:
        return None
    return kept if (kept.stamp,) == now else _read_point(code)  # type: ignore[attr-defined]


def survey_for(slug: str) -> Survey | None:
    """The same by its address, whether or not it takes answers now; None before its first publication."""
    kept = _surveys.get(slug)
    if kept is None:
        return _read_survey(slug)
    now = _survey_stamp.first(slug)
    if now is None:
        return None
    return kept if (kept.stamp,) == now else _read_survey(slug)  # type: ignore[attr-defined]


def _read_point(code: str) -> ServicePoint | None:
    joined = [f"survey__{name}" for name in _SURVEY]
    points = _stamped_points(code).select_related("survey", "service", *joined)
    point = points.defer(*(f"survey__page__{name}" for name in _UNREAD)).first()
    if point is None:
        return None
    _complete(point.survey, point.offered)
    return _points.put(code, point)


def _read_survey(slug: str) -> Survey | None:
    surveys = _stamped_surveys(slug).select_related(*_SURVEY)
    survey = surveys.defer(*(f"page__{name}" for name in _UNREAD)).first()
    if survey is None:
        return None
    _complete(survey, survey.offered)
    return _surveys.put(slug, survey)


def _complete(survey: Survey, offered: list[dict[str, Any]] | None) -> None:
    """The services to choose from, and the version knowing its survey; its heavy parts are shared."""
    survey.offered = offered or []  # type: ignore[attr-defined]
    version = survey.current_version
    if version is None:
        return
    version.survey = survey
    key = version.pk, version.content_hash
    shared = _contents.kept(key, lambda: (version.definition, version.rendered))
    version.definition, version.rendered = shared


def _stamped_points(code: str) -> QuerySet[Any]:
    asks = When(service__isnull=True, survey__service__isnull=True, then=_offered("survey__"))
    names = [*_POINT_STATE, *(f"survey__{name}" for name in _STATE)]
    points = ServicePoint.objects.active().filter(code=code).order_by()
    return points.annotate(offered=Case(asks)).annotate(stamp=_stamp(names))


def _stamped_surveys(slug: str) -> QuerySet[Any]:
    surveys = Survey.objects.filter(slug=slug, current_version__isnull=False).order_by()
    asks = When(service__isnull=True, then=_offered())
    return surveys.annotate(offered=Case(asks)).annotate(stamp=_stamp(("id", *_STATE)))


def _stamp(names: Sequence[str]) -> Cast:
    """All of it as one text: two equal texts, one state."""
    return Cast(JSONObject(offered="offered", **{name: name for name in names}), TextField())


_point_stamp = Prepared(lambda code: _stamped_points(code).values_list("stamp"))
_survey_stamp = Prepared(lambda slug: _stamped_surveys(slug).values_list("stamp"))


def open_survey(slug: str) -> Survey | None:
    """The survey with its current version, agency, region and service, when it takes answers."""
    return Survey.objects.open().select_related(*_SURVEY).filter(slug=slug).first()


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


def open_surveys(region_id: int | None, *, at: datetime) -> list[Survey]:
    """Public surveys of a region that take answers, by agency; one query. Not those of a service that has ended: its
    posters lead on to what came after it, and nobody should have to follow them from a list."""
    surveys = Survey.objects.open().filter(audience=Service.Audience.PUBLIC)
    if region_id is not None:
        surveys = surveys.filter(agency__region_id=region_id)
    surveys = surveys.select_related("agency__region", "service").order_by("agency__name", "title")
    return [row for row in surveys if not (row.service and row.service.has_ended(_day_of(row, at)))]


def _day_of(survey: Survey, moment: datetime) -> date:
    return moment.astimezone(survey.agency.region.zone).date()


def version_for(slug: str, version_id: int) -> QuestionnaireVersion | None:
    """The version a form was shown under, however many were published since."""
    versions = QuestionnaireVersion.objects.select_related("survey", *[f"survey__{name}" for name in _SURVEY[1:]])
    return versions.defer("rendered").filter(pk=version_id, survey__slug=slug).first()

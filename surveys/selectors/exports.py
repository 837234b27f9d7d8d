"""Answers of one survey as rows of an export, read once from front to back and never held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, F, Func, QuerySet

from core.models import Service, User
from core.permissions import scope_of
from surveys.definition import PROFILE_FIELDS
from surveys.exporting.layout import Layout, Row
from surveys.exporting.plain import WithoutTexts
from surveys.models import AnswerExport, Response, ServicePoint, Survey
from surveys.permissions import EXPORTERS
from surveys.selectors.questions import asked_questions, published_versions

# Rows the database hands over at once.
CHUNK = 2_000


@dataclass(frozen=True)
class Selection:
    """Which answers of a survey: local days, the last one included; empty means all."""

    survey: Survey
    first: date | None = None
    last: date | None = None
    channel: str = ""
    point_id: int | None = None

    def answers(self, user: User) -> QuerySet[Response]:
        """Those of them the person may take out."""
        allowed = scope_of(user).agency_q(EXPORTERS, prefix="agency__")
        rows = Response.objects.visible_to(user).filter(allowed, survey=self.survey)
        given = {
            "period_on__gte": self.first,
            "period_on__lte": self.last,
            "channel": self.channel or None,
            "service_point_id": self.point_id,
        }
        return rows.filter(**{name: value for name, value in given.items() if value is not None})


def export_layout(survey: Survey, *, texts: bool = True) -> Layout:
    """The columns of a survey over all its versions, with or without what people wrote; four queries."""
    points = {pk: f"{code} {name}" for pk, code, name in
              ServicePoint.objects.filter(survey=survey).values_list("pk", "code", "name")}  # fmt: skip
    services = dict(Service.objects.filter(agency=survey.agency_id).values_list("pk", "code"))
    zone = survey.agency.region.zone
    kind = Layout if texts else WithoutTexts
    return kind(published_versions(survey), asked_questions(survey), points, services, zone)


def export_rows(layout: Layout, answers: QuerySet[Response]) -> Iterator[Row]:
    """By arrival. One statement, so the whole file is one state of the database however long the reading takes."""
    read = layout.reader()
    # A version published since is left for the next export.
    answers = answers.filter(version__in=[version.pk for version in layout.versions])
    for rows in _chunks(answers, layout.fields):
        yield from map(read, rows)


class _Plain(Func):
    """A column as text or whole number: making the driver's own dates, moments and flags costs more than reading."""

    output_field = CharField()

    def __init__(self, name: str, sqlite: str, postgresql: str):
        super().__init__(F(name))
        self.sqlite, self.postgresql = sqlite, postgresql

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.sqlite, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.postgresql, **context)


_KINDS = {
    "DateField": ("%(expressions)s || ''", "to_char(%(expressions)s, 'YYYY-MM-DD')"),
    "DateTimeField": (
        "%(expressions)s || ''", "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    ),
    "BooleanField": ("+%(expressions)s", "%(expressions)s::integer"),
    "JSONField": ("NULLIF(%(expressions)s, '{}')", "NULLIF(%(expressions)s::text, '{}')"),
}  # fmt: skip
_BLANK = "NULLIF(%(expressions)s, '')"
_BLANK_IS_NONE = frozenset({*PROFILE_FIELDS, "comment"})


def _plainly(name: str) -> str | _Plain:
    """What ``FIELDS`` promises of a column."""
    if name in _BLANK_IS_NONE:
        return _Plain(name, _BLANK, _BLANK)
    kind = next(field.get_internal_type() for field in Response._meta.concrete_fields if field.attname == name)
    return _Plain(name, *_KINDS[kind]) if kind in _KINDS else name


def _chunks(answers: QuerySet[Response], fields: Sequence[str]) -> Iterator[Sequence[Any]]:
    query = answers.order_by("submitted_at", "pk").values_list(*map(_plainly, fields)).query
    sql, params = query.sql_with_params()
    # On PostgreSQL a cursor on the server, which sends the first rows at once only inside a transaction; SQLite reads
    # step by step anyway, and a transaction would keep every writer out.
    whole = transaction.atomic() if connection.vendor == "postgresql" else nullcontext()
    with whole, connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def exports_of(survey: Survey, user: User) -> QuerySet[AnswerExport]:
    """Who took what out of a survey, newest first, for those who may take answers out themselves."""
    allowed = scope_of(user).agency_q(EXPORTERS, prefix="survey__agency__")
    return AnswerExport.objects.filter(allowed, survey=survey).select_related("requested_by", "point")

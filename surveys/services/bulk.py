"""Many plausible answers at once, for demonstrations and measurements.

The same seed makes the same answers, and making them twice adds nothing. Every row goes through the model's own
columns, hashes and the database's constraints; nothing here is used for real answers. Rows are written without model
instances, which triples the speed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.models import Service
from surveys.answers import Answers
from surveys.models import (
    Channel,
    QuestionnaireVersion,
    Response,
    Survey,
)

_BATCH = 2_000
_OPENS, _SECONDS = time(8), 7 * 60 * 60
_FIELDS = [field for field in Response._meta.concrete_fields if not field.primary_key]
_KEY, _OWN, _AT, _ON = (Response._meta.get_field(name) for name in ("key", "answers", "submitted_at", "period_on"))
# In the office file three quarters of the forms give one answer to everything but cost.
_STRAIGHT, _COMMENTED = 0.45, 0.1
# Values as often as they come up in a hundred.
_CHANNELS = [*["qr"] * 55, *["link"] * 14, *["kiosk"] * 12, *["assisted"] * 9, *["paper"] * 10]
_PROFILES = {
    "sex": [*["female"] * 52, *["male"] * 48],
    "age_band": [*["17_23"] * 16, *["24_29"] * 22, *["30_40"] * 36, *["over_40"] * 24, *[""] * 2],
    "education": [*["sd"] * 12, *["smp"] * 16, *["sma"] * 42, *["diploma"] * 8, *["s1"] * 19, *[""] * 3],
    "occupation": [*["private"] * 30, *["entrepreneur"] * 24, *["civil_servant"] * 12, *["other"] * 30, *[""] * 4],
}
# Sample texts as citizens write them: data, shown as they are.
_COMMENTS = (
    "Pelayanan cepat dan petugas ramah.",
    "Antrean terlalu lama, mohon loket ditambah.",
    "Ruang tunggu panas, kipas angin rusak.",
    "Persyaratan sebaiknya ditempel di dekat pintu.",
    "Petugas menjelaskan dengan sabar. Terima kasih.",
    "Parkir sempit dan becek kalau hujan.",
    "Sudah bagus, tolong dipertahankan.",
    "Harus bolak-balik karena formulir kurang jelas.",
    "Jam istirahat loket tetap dijaga, mohon begitu terus.",
    "Aplikasi antrean sering tidak bisa dibuka.",
)


@dataclass(frozen=True)
class _Place:
    """Where answers are given, how well it is run, and how many it gets."""

    version: QuestionnaireVersion
    # The columns that are equal for every answer here, as the database takes them.
    columns: dict[str, Any]
    points: tuple[int, ...]
    level: float
    drift: float
    offsets: tuple[float, ...]
    busy: float


def make_responses(*, surveys: Sequence[Survey], n: int, seed: int, start: date, end: date) -> int:
    """Store ``n`` answers spread over the surveys and the working days from ``start`` up to ``end``.

    Surveys need a published questionnaire. Returns how many were stored: 0 when this seed was used for them before. One
    transaction. Raises ValueError when there is nothing to answer or no day to answer on.
    """
    days = _working_days(start, end)
    # Not for secrets: a demo has to come out the same every time.
    names = ",".join(survey.slug for survey in surveys)
    rng = random.Random(f"{seed}:{n}:{names}")  # noqa: S311
    first = UUID(int=rng.getrandbits(128), version=4)
    places = [place for survey in surveys for place in _places(survey, rng)]
    if n and not (places and days):
        raise ValueError("Bulk answers need a published survey and at least one working day.")
    if not n or Response.objects.filter(key=first).exists():
        return 0
    with transaction.atomic():
        _write(_rows(places, days, n, first, rng))
    return n


def _working_days(start: date, end: date) -> list[date]:
    days = (start + timedelta(days=number) for number in range((end - start).days))
    return [day for day in days if day.weekday() < 5]


def _write(rows: Iterator[dict[str, Any]]) -> None:
    names = [field.attname for field in _FIELDS]
    quote = connection.ops.quote_name
    columns, marks = ", ".join(quote(str(field.column)) for field in _FIELDS), ", ".join(["%s"] * len(_FIELDS))
    # Only names of our own model are put together here; every value is a parameter.
    statement = f"INSERT INTO {quote(Response._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    values = itemgetter(*names)
    with connection.cursor() as cursor:
        while batch := [values(row) for row in islice(rows, _BATCH)]:
            cursor.executemany(statement, batch)


def _places(survey: Survey, rng: random.Random) -> Iterator[_Place]:
    version = QuestionnaireVersion.objects.select_related("survey__agency__region").get(
        pk=survey.current_version_id or 0
    )
    services: list[Service | None] = [survey.service] if survey.service else [*survey.agency.services.order_by("pk")]
    points = list(survey.service_points.order_by("pk"))
    level, drift = rng.uniform(2.95, 3.7), rng.uniform(-0.15, 0.3)
    for service in services or [None]:
        yield _Place(
            version=version,
            columns=_columns(version, service),
            points=tuple(point.pk for point in points if service is None or point.service_id in (None, service.pk)),
            level=level + rng.gauss(0, 0.15),
            drift=drift,
            offsets=tuple(rng.gauss(0, 0.18) for _ in version.definition["elements"]),
            busy=min(rng.paretovariate(1.3), 20),
        )


def _columns(version: QuestionnaireVersion, service: Service | None) -> dict[str, Any]:
    blank = Response(
        survey_id=version.survey_id,
        version_id=version.pk,
        instrument_version_id=version.instrument_version_id,
        service_id=service.pk if service else None,
        agency_id=version.survey.agency_id,
        region_id=version.survey.agency.region_id,
        channel=Channel.LINK,
        is_complete=True,
        key=UUID(int=0),
    )
    return {field.attname: field.get_db_prep_save(getattr(blank, field.attname), connection) for field in _FIELDS}


def _rows(
    places: Sequence[_Place], days: Sequence[date], n: int, first: UUID, rng: random.Random
) -> Iterator[dict[str, Any]]:
    shares = list(accumulate(place.busy for place in places))
    # Offices survey in campaigns: some days get many times the answers of others.
    weights = list(accumulate(min(rng.paretovariate(1.6), 30) for _ in days))
    numbers = range(len(days))
    for place in rng.choices(places, cum_weights=shares, k=n):
        number = rng.choices(numbers, cum_weights=weights)[0]
        row = _row(place, days[number], number / len(days), rng)
        row["key"] = _KEY.get_db_prep_save(first, connection)
        first = UUID(int=rng.getrandbits(128), version=4)
        yield row


def _row(place: _Place, day: date, elapsed: float, rng: random.Random) -> dict[str, Any]:
    answers = _answers(place, elapsed, rng)
    seconds = rng.randrange(_SECONDS)
    at = datetime.combine(day, _OPENS, tzinfo=place.version.survey.agency.region.zone) + timedelta(seconds=seconds)
    scores = {
        f"score_{element['slot']}": answers.scores[element["code"]] for element in place.version.definition["elements"]
    }
    at_point = {"service_point_id": rng.choice(place.points), "channel": rng.choice(_CHANNELS)} if place.points else {}
    return {
        **place.columns,
        **at_point,
        **scores,
        **answers.profile,
        "comment": answers.comment,
        "answers": _OWN.get_db_prep_save(answers.own, connection),
        "submitted_at": _AT.get_db_prep_save(at, connection),
        "period_on": _ON.get_db_prep_save(day, connection),
        "payload_hash": answers.payload_hash,
        "receipt": f"{rng.getrandbits(128):032x}",
    }


def _answers(place: _Place, elapsed: float, rng: random.Random) -> Answers:
    definition = place.version.definition
    low, high = definition["scale"]["min"], definition["scale"]["max"]
    mood = rng.gauss(place.level + place.drift * elapsed, 0.45)
    is_straight = rng.random() < _STRAIGHT
    scores = {}
    for element, offset in zip(definition["elements"], place.offsets, strict=True):
        score = mood if is_straight else mood + offset + rng.gauss(0, 0.3)
        scores[element["code"]] = max(low, min(high, round(score * high / 4)))
    profile = {name: value for name in definition["profile"] if (value := rng.choice(_PROFILES[name]))}
    comment = rng.choice(_COMMENTS) if definition["comment"] and rng.random() < _COMMENTED else ""
    own = {question["id"]: value for question in definition["questions"] if (value := _own(question, rng)) is not None}
    return Answers(scores, profile, comment, own)


def _own(question: dict[str, Any], rng: random.Random) -> Any:
    """An answer where picking one is enough; own texts, numbers and dates stay open."""
    kind = question["type"]
    if kind in {"single", "multiple"} and question.get("choices"):
        code = rng.choice(question["choices"])["code"]
        return [code] if kind == "multiple" else code
    if kind in {"yes_no", "consent"}:
        return "yes" if kind == "consent" else rng.choice(("yes", "yes", "no"))
    if kind == "rating":
        return rng.randint(question.get("min") or 0, question.get("max") or 10)
    return None

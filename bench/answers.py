"""A made-up regency and as many answers as wanted, written by the database itself in the order of their days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection

from core.models import Agency, Region, Service
from core.services import save_agency
from surveys.models import InstrumentVersion, Response, ServicePoint, Survey, TallyCell
from surveys.services.points import create_point
from surveys.services.versions import define, publish_version

AGENCIES, SERVICES, POINTS = 40, 5, 2
# A question of the survey's own, where it asks one.
OWN = "0b0c1d2e-0000-4000-8000-000000000001"
START, END = date(2019, 1, 1), date(2024, 1, 1)
CHANNELS = ("qr", "qr", "qr", "link", "kiosk", "assisted", "paper")
# A hash of the answer's number and a slot: cheap, the same on both databases, and nothing like random.
_MIX = "(({number} * 7919 + {salt} * 104729) / 13) %% {parts}"


@dataclass
class Office:
    region: Region
    agencies: list[Agency] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    points: list[ServicePoint] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)


def office() -> Office:
    """One regency with agencies, services, points and a published survey each."""
    call_command("load_instruments", verbosity=0)
    version = InstrumentVersion.objects.get(code="skm-2017")
    now = datetime(2019, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    made = Office(Region.objects.create(code="35.99", name="Ukur", kind=Region.Kind.REGENCY))
    for number in range(AGENCIES):
        names = {"name": f"Dinas {number}", "short_name": f"D{number}", "code": f"d{number}"}
        agency = save_agency(agency=Agency(region=made.region, **names))
        survey = Survey.objects.create(slug=f"ukur-{number}", title="Ukur", agency=agency, instrument_version=version)
        publish_version(survey=survey, definition=define(instrument_version=version), now=now)
        made.agencies.append(agency)
        made.surveys.append(survey)
        for place in range(SERVICES):
            service = Service.objects.create(agency=agency, code=f"s{place}", name=f"Layanan {place}")
            made.services.append(service)
            made.points += [create_point(survey=survey, name=f"Loket {n}", service=service) for n in range(POINTS)]
    return made


def empty() -> None:
    Response.objects.all()._raw_delete("default")
    TallyCell.objects.all()._raw_delete("default")


def fill(made: Office, n: int, *, words: bool = False) -> None:
    """Store ``n`` answers as if folded (``tallies.rebuild`` counts them); with ``words`` one of eight has a comment."""
    with connection.cursor() as cursor, _without_indexes(cursor):
        cursor.execute("CREATE TEMPORARY TABLE bench_place (number integer primary key, survey_id bigint,"
                       " version_id bigint, service_id bigint, service_point_id bigint, agency_id bigint)")  # fmt: skip
        cursor.executemany("INSERT INTO bench_place VALUES (%s, %s, %s, %s, %s, %s)", _places(made))
        values = _constants(made) | _varying(n) | (_words() if words else {})
        columns, expressions = ", ".join(values), ", ".join(values.values())
        cursor.execute(
            f"INSERT INTO surveys_response ({columns}) SELECT {expressions} FROM ({_series(n)}) AS answer"
            f" JOIN bench_place ON bench_place.number = {_mix(1, len(made.points))}",
            [],
        )
        cursor.execute("DROP TABLE bench_place")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Built afterwards in one go they take a tenth of the time; SQLite keeps them, its file is in memory anyway."""
    if connection.vendor != "postgresql":
        yield
        return
    table = "'surveys_response'::regclass"
    cursor.execute(f"SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = {table}"
                   " AND contype IN ('u', 'f')")  # fmt: skip
    rules = cursor.fetchall()
    for name, _ in rules:
        cursor.execute(f'ALTER TABLE surveys_response DROP CONSTRAINT "{name}"')
    cursor.execute(f"SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
                   f" WHERE indrelid = {table} AND NOT indisprimary")  # fmt: skip
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, statement in indexes:
        cursor.execute(statement)
    for name, rule in rules:
        cursor.execute(f'ALTER TABLE surveys_response ADD CONSTRAINT "{name}" {rule}')


def _places(made: Office) -> list[tuple[int, ...]]:
    surveys = {survey.agency_id: survey for survey in made.surveys}
    found = []
    for number, point in enumerate(made.points):
        survey = surveys[point.agency_id]
        ids = survey.pk, survey.current_version_id, point.service_id, point.pk, point.agency_id
        found.append((number, *(int(pk or 0) for pk in ids)))
    return found


def _series(n: int) -> str:
    if connection.vendor == "postgresql":
        return f"SELECT generate_series(0, {n - 1})::bigint AS number"
    return (
        f"WITH RECURSIVE one(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM one WHERE number < {n - 1})"
        " SELECT number FROM one"
    )


def _mix(salt: int, parts: int) -> str:
    return _MIX.format(number="answer.number", salt=salt, parts=parts)


def _constants(made: Office) -> dict[str, str]:
    """Every column of an answer as a literal, from the model's own defaults."""
    blank = Response(
        survey=made.surveys[0], version_id=made.surveys[0].current_version_id, region=made.region,
        instrument_version=made.surveys[0].instrument_version, agency=made.agencies[0], channel="qr",
        is_complete=True, is_tallied=True, key=uuid4(), submitted_at=datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")),
        period_on=START,
    )  # fmt: skip
    fields = [column for column in Response._meta.concrete_fields if not column.primary_key]
    return {str(column.column): _literal(column.get_db_prep_save(getattr(blank, column.attname), connection))
            for column in fields}  # fmt: skip


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return ("true" if value else "false") if connection.vendor == "postgresql" else str(int(value))
    if isinstance(value, int):
        return str(value)
    plain = str(value.dumps(value.obj) if hasattr(value, "obj") else value)
    return "'" + plain.replace("'", "''") + "'"


def _words() -> dict[str, str]:
    """What an export has to look at; the question is of ``OWN``."""
    one_of_eight = f"{_mix(15, 8)} = 0"
    return {
        "comment": f"CASE WHEN {one_of_eight} THEN 'Antrean lama, \"loket\" ' || answer.number ELSE '' END",
        "reasons": _json(f"CASE WHEN {one_of_eight} THEN '{{\"waktu\": \"Menunggu lama\"}}' ELSE '{{}}' END"),
        "answers": _json(
            f'CASE WHEN {_mix(16, 2)} = 0 THEN \'{{"{OWN}": ["a", "b"]}}\' ELSE \'{{"{OWN}": ["b"]}}\' END'
        ),
    }


def _json(text: str) -> str:
    return f"({text})::jsonb" if connection.vendor == "postgresql" else text


def _varying(n: int) -> dict[str, str]:
    days = (END - START).days
    day = f"answer.number * {days} / {n}"
    second = f"answer.number * {days * 86_400} / {n}"
    on_postgres = connection.vendor == "postgresql"
    channels = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(CHANNELS))
    # Three of four give the same to every element, as in real files; the others vary by slot.
    scores = {
        f"score_{slot}": f"CASE WHEN {_mix(3, 4)} = 0 THEN 2 + {_mix(20 + slot, 3)} ELSE 3 + {_mix(5, 2)} END"
        for slot in range(1, 10)
    }
    return {
        "survey_id": "bench_place.survey_id",
        "version_id": "bench_place.version_id",
        "service_id": "bench_place.service_id",
        "service_point_id": "bench_place.service_point_id",
        "agency_id": "bench_place.agency_id",
        "period_on": f"(DATE '{START}' + ({day})::integer)"
        if on_postgres
        else f"date('{START}', '+' || ({day}) || ' days')",
        # The days are those of Jakarta.
        "submitted_at": f"TIMESTAMPTZ '{START} 00:00+07' + ({second}) * INTERVAL '1 second'"
        if on_postgres
        else f"datetime('{START}', '-7 hours', '+' || ({second}) || ' seconds')",
        "channel": f"CASE {_mix(6, len(CHANNELS))} {channels} END",
        "sex": f"CASE WHEN {_mix(7, 2)} = 0 THEN 'male' ELSE 'female' END",
        "age_band": f"CASE {_mix(8, 3)} WHEN 0 THEN '17_23' WHEN 1 THEN '24_29' ELSE '30_40' END",
        "education": f"CASE {_mix(9, 4)} WHEN 0 THEN 'sd' WHEN 1 THEN 'smp' WHEN 2 THEN 'sma' ELSE 's1' END",
        "occupation": f"CASE {_mix(10, 4)} WHEN 0 THEN 'private' WHEN 1 THEN 'other' ELSE 'entrepreneur' END",
        "key": "gen_random_uuid()" if on_postgres else "lower(hex(randomblob(16)))",
        "receipt": "md5(answer.number::text)" if on_postgres else "lower(hex(randomblob(16)))",
        **scores,
    }

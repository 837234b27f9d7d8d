"""The number of a new case and all that is read with it: one statement, whose row stays locked until the end."""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection

from core.models import Region
from workflows.models import CalendarRevision, Complaint, ReferenceCounter, RulesStamp
from workflows.selectors.locking import Versions


class Number(NamedTuple):
    """``last`` counts within region and year; ``complaint_id`` is the id the case will have."""

    last: int
    complaint_id: int
    versions: Versions


def next_number(region: Region, year: int) -> Number:
    """Take the next number in the transaction of the filing (one statement; a region's first of a year costs more)."""
    row = _taken(region, year)
    while row is None:
        ReferenceCounter.objects.get_or_create(region=region, year=year)
        row = _taken(region, year)
    last, complaint_id, stamp, calendar, token = row
    return Number(last, complaint_id, Versions(stamp, calendar, _token(token)))


def _taken(region: Region, year: int) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), [region.pk, year, RulesStamp.NAME])
        return cursor.fetchone()


def _token(value: Any) -> Any:
    """As the field gives it: SQLite keeps it as text."""
    field = CalendarRevision._meta.get_field("token")
    return field.to_python(value)


@cache
def _statement(vendor: str) -> str:
    """``UPDATE … RETURNING`` the number, the next id of a case, and the versions of rules and calendars."""
    counter, case = ReferenceCounter._meta.db_table, Complaint._meta.db_table
    stamp, revision = RulesStamp._meta.db_table, CalendarRevision._meta.db_table
    # Nobody else writes meanwhile on SQLite, and PostgreSQL gives each number once.
    number = f"nextval(pg_get_serial_sequence('{case}', 'id'))"
    if vendor == "sqlite":
        number = f"COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{case}'), 0) + 1"  # noqa: S608  names of our own
    latest = f"FROM {revision} ORDER BY id DESC LIMIT 1"
    return (
        f"UPDATE {counter} SET last = last + 1 WHERE region_id = %s AND year = %s RETURNING last, {number}, "  # noqa: S608
        f"(SELECT s.token FROM {stamp} s WHERE s.name = %s), (SELECT id {latest}), (SELECT token {latest})"
    )

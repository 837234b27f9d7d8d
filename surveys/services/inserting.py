"""Storing an answer with one statement that is written once, and as little as possible between begin and commit.

SQLite lets one write at a time: what happens while a transaction is open, everybody waits for. So the row is made
ready before it, and whoever writes waits for their turn (``core.turns``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from core.keeping import planned_cursor
from core.turns import turn_to_write
from surveys.models import Response

_FIELDS = [field for field in Response._meta.concrete_fields if not field.primary_key]
# These go to both databases as they are.
_PLAIN = (models.IntegerField, models.BooleanField, models.CharField, models.TextField, models.ForeignKey)
_CONVERTED = [(field.attname, None if isinstance(field, _PLAIN) else field) for field in _FIELDS]

Row = list[Any]


def row_of(response: Response) -> Row:
    """The values of a new answer, ready to be stored."""
    values = vars(response)
    return [
        field.get_db_prep_save(values[name], connection) if field is not None else values[name]
        for name, field in _CONVERTED
    ]


def insert_once(response: Response, row: Row) -> None:
    """One upsert that changes nothing: no savepoint, and it works inside a caller's transaction on PostgreSQL too.

    Puts the stored id and receipt on the response: both are another answer's when that came first under its key.
    """
    with planned_cursor() as cursor:
        cursor.execute(_statement(connection.vendor), row)
        response.pk, response.receipt = cursor.fetchone()
    response._state.adding, response._state.db = False, connection.alias


@cache
def _statement(_vendor: str) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in _FIELDS)
    values = ", ".join(["%s"] * len(_FIELDS))
    key, receipt, number = (quote(name) for name in ("key", "receipt", "id"))
    return (
        f"INSERT INTO {quote(Response._meta.db_table)} ({names}) VALUES ({values}) "  # noqa: S608  names of our own
        f"ON CONFLICT ({key}) DO UPDATE SET {key} = excluded.{key} RETURNING {number}, {receipt}"
    )


@contextmanager
def one_commit() -> Iterator[None]:
    """Counting and storing reach the disk together on SQLite, where every commit is a wait for the disk.

    On PostgreSQL the counters are not logged and cost none; in one transaction with the answer they would be locked
    until it is on disk, and one place's answers would wait for each other.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with turn_to_write(), transaction.atomic():
        yield

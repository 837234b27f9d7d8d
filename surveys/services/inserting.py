"""Storing an answer with one statement that is written once, and as little as possible between begin and commit.

SQLite lets one write at a time: what happens while a transaction is open, everybody waits for. So the row is made
ready before it, and whoever writes waits for their turn (``core.turns``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, transaction

from core.keeping import planned_cursor
from core.statements import insertion
from core.turns import turn_to_write
from surveys.models import Response

Row = list[Any]


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
    key, receipt, number = (connection.ops.quote_name(name) for name in ("key", "receipt", "id"))
    return (
        f"{insertion(Response)} ON CONFLICT ({key}) DO UPDATE SET {key} = excluded.{key} RETURNING {number}, {receipt}"
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

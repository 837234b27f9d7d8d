"""Limit attempts: counted in the database, so that every web process counts together.

Windows are fixed; a limit is generous enough for a shared network and far below what guessing needs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection

from core.sealing import keyed_hash
from workflows.models import Throttle

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts per window, and ``proven_times`` as many by whoever pays with work or a wait."""

    name: str
    most: int
    window: timedelta
    proven_times: int = 1

    def bucket(self, who: str) -> str:
        return f"{self.name}:{keyed_hash('workflows.throttle', f'{self.name}:{who}')}"

    def window_at(self, now: datetime) -> datetime:
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)


class TooMany(Exception):
    """A limit is used up."""


class ProofRequired(TooMany):
    """More than usual: this one has to cost a moment. ``excess`` is how many times the usual."""

    def __init__(self, name: str, excess: float):
        super().__init__(name)
        self.excess = excess


# Wrong codes: ten per number and per network, then a quarter of an hour of silence.
TRACK_NUMBER = Limit("track-number", 10, timedelta(minutes=15))
TRACK_NETWORK = Limit("track-network", 10, timedelta(minutes=15))
# A village may share one address, so filing and uploading are limited loosely: beyond the first number a report costs
# its sender's device a moment, and only what no village can write is refused.
FILE_NETWORK = Limit("file-network", 40, timedelta(hours=1), proven_times=10)
WRITE_CASE = Limit("write-case", 30, timedelta(hours=1))
UPLOAD_NETWORK = Limit("upload-network", 150, timedelta(hours=1))


def is_over(limit: Limit, who: str, now: datetime) -> bool:
    """Whether the attempts of this window are used up (one query)."""
    rows = Throttle.objects.filter(bucket=limit.bucket(who), window=limit.window_at(now))
    return rows.filter(count__gte=limit.most).exists()


def take(limit: Limit, who: str, now: datetime) -> bool:
    """Count one attempt; whether it was still within the limit (one statement)."""
    return count(limit, who, now) <= limit.most


def admit(limit: Limit, who: str, now: datetime, *, is_proven: bool = False) -> None:
    """Count one attempt (one statement). Raises ``TooMany`` or, where a proof would help, ``ProofRequired``.

    Either may take the count back: only what was let in has to be counted.
    """
    attempts = count(limit, who, now)
    if attempts > limit.most * limit.proven_times:
        raise TooMany(limit.name)
    if attempts > limit.most and not is_proven:
        raise ProofRequired(limit.name, attempts / limit.most)


def count(limit: Limit, who: str, now: datetime) -> int:
    """Count one attempt; how many there are in this window (one statement)."""
    with connection.cursor() as cursor:
        cursor.execute(_counting(connection.vendor), [limit.bucket(who), _window(limit.window_at(now))])
        (attempts,) = cursor.fetchone()
    return attempts


def _window(at: datetime) -> Any:
    return Throttle._meta.get_field("window").get_db_prep_value(at, connection)


@cache
def _counting(_vendor: str) -> str:
    """The same words for both databases; per database because of the quotes."""
    quote = connection.ops.quote_name
    table, bucket, window, number = (quote(name) for name in (Throttle._meta.db_table, "bucket", "window", "count"))
    return (
        f"INSERT INTO {table} ({bucket}, {window}, {number}) VALUES (%s, %s, 1) "  # noqa: S608  names of our own
        f"ON CONFLICT ({bucket}, {window}) DO UPDATE SET {number} = {table}.{number} + 1 RETURNING {number}"
    )


def forget_old(now: datetime) -> int:
    """Delete counters of past windows; how many."""
    return Throttle.objects.filter(window__lt=now - KEPT).delete()[0]

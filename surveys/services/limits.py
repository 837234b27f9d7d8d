"""Counting posts: one statement for all counters of a post, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection

from core.keeping import planned_cursor
from surveys.limits import Kind, Verdict, counter_name, judge, window_ends
from surveys.models import PostCount


@dataclass(frozen=True, slots=True)
class Guard:
    """What a post is counted by, and whether its sender has paid with work or a wait."""

    by: Mapping[Kind, str]
    is_proven: bool = False


# Sorted rows are locked in one order by everybody, so two posts cannot wait for each other.
_COUNT = """
INSERT INTO {table} (name, n, until) VALUES {rows}
ON CONFLICT (name) DO UPDATE SET n = {table}.n + 1 RETURNING name, n
"""


def count_post(*, survey_id: int, by: Mapping[Kind, str], now: datetime) -> Verdict:
    """Count one post under each of ``by`` and judge the worst; one statement.

    ``by`` names what is counted (a point's id, a form's nonce, a network). It leaves this module only as a hash that is
    different every day; two surveys never share a counter.
    """
    return counting(survey_id=survey_id, by=by, now=now)()


def counting(*, survey_id: int, by: Mapping[Kind, str], now: datetime) -> Callable[[], Verdict]:
    """``count_post`` made ready, for a transaction others wait for."""
    secret = settings.SECRET_KEY
    names = {counter_name(kind, survey_id=survey_id, value=value, now=now, secret=secret): kind
             for kind, value in by.items()}  # fmt: skip
    # The backend's own form of the moment; a raw statement does not adapt it on SQLite.
    moment = connection.ops.adapt_datetimefield_value(window_ends(now))
    values = [part for name in sorted(names) for part in (name, 1, moment)]
    return partial(_count, names, values)


def _count(names: Mapping[str, Kind], values: Sequence[Any]) -> Verdict:
    if not names:
        return Verdict()
    sql = _COUNT.format(table=PostCount._meta.db_table, rows=", ".join(["(%s, %s, %s)"] * len(names)))
    with planned_cursor() as cursor:
        cursor.execute(sql, values)
        counts = {names[name]: n for name, n in cursor.fetchall()}
    return judge(counts, times=settings.SURVEY_TRAFFIC)


def sweep_counters(now: datetime) -> int:
    """Forget the windows that have passed; how many counters."""
    return PostCount.objects.filter(until__lt=now).delete()[0]

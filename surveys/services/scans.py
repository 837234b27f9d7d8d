"""How often the form of a point is opened, per day, without knowing by whom.

A hit adds one to a number in this process; every ``EVERY_HITS`` hits or ``EVERY_SECONDS`` seconds, whichever comes
first, one upsert adds what has gathered to the stored rows. So showing a form costs no statement most of the time and
one at the most, however many processes add at once, and nothing is counted twice. What a process has not written yet is
written when it stops; only a process that is killed loses it, at most ``EVERY_HITS`` hits.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from django.db import DatabaseError, connection

from surveys.models import ScanCount

logger = logging.getLogger(__name__)
EVERY_HITS = 20
EVERY_SECONDS = 10.0
Hits = Mapping[tuple[int, date], int]


class ScanCounter:
    """Gathers hits of one process; safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock, self._lock = clock, threading.Lock()
        self._hits: Counter[tuple[int, date]] = Counter()
        self._written_at = clock()

    def hit(self, point_id: int, day: date) -> None:
        """Count one opened form; now and then this writes what has gathered."""
        with self._lock:
            self._hits[point_id, day] += 1
            is_due = self._hits.total() >= EVERY_HITS or self._clock() - self._written_at >= EVERY_SECONDS
        if is_due:
            self.flush()

    def flush(self) -> None:
        """Write what has gathered, in one statement. A database that is busy gets it next time."""
        with self._lock:
            hits, self._hits, self._written_at = self._hits, Counter(), self._clock()
        if not hits:
            return
        try:
            _add(hits)
        except DatabaseError:
            logger.warning("Scan counts could not be written; they are kept and tried again.")
            with self._lock:
                self._hits.update(hits)

    def forget(self) -> None:
        with self._lock:
            self._hits.clear()


def _add(hits: Hits) -> None:
    """Rows in one order for everybody, so that two processes never wait for each other crosswise."""
    table, quote = ScanCount._meta.db_table, connection.ops.quote_name
    rows = [part for (point_id, day), count in sorted(hits.items()) for part in (point_id, day.isoformat(), count)]
    values = ", ".join(["(%s, %s, %s)"] * len(hits))
    names = ", ".join(quote(name) for name in ("point_id", "day", "opened"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(table)} ({names}) VALUES {values} "  # noqa: S608  names of our own, values as parameters
            f"ON CONFLICT (point_id, day) DO UPDATE SET opened = {quote(table)}.opened + excluded.opened",
            rows,
        )


counter = ScanCounter()
atexit.register(counter.flush)

"""Pauses of a case's clock, read from its events.

The clock stands still while the reporter is asked, and for nothing else: not while an agency holds the case. Leaves out
what a pause does to a date; that is ``sla``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflows.sla import Pause

ASKED = "needs_info"
# So many pauses on one day look like stopping the clock on purpose.
MANY_PAUSES = 5


class Move(NamedTuple):
    """A status change as the clock sees it."""

    at: datetime
    before: str
    after: str


def pauses_from(moves: Iterable[Move], until: datetime) -> Iterator[Pause]:
    """Every time the case waited for its reporter, in order; a wait that still lasts ends at ``until``."""
    since: datetime | None = None
    for move in moves:
        if move.after == ASKED and move.before != ASKED:
            since = move.at
        elif move.before == ASKED and move.after != ASKED and since is not None:
            yield Pause(since, move.at)
            since = None
    if since is not None and since < until:
        yield Pause(since, until)


def crowded_days(pauses: Iterable[Pause], zone: ZoneInfo) -> list[date]:
    """Local days on which the clock was stopped so often that somebody should look."""
    starts = Counter(pause.start.astimezone(zone).date() for pause in pauses)
    return sorted(on for on, number in starts.items() if number >= MANY_PAUSES)

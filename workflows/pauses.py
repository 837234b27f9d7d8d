"""Pauses of a case's clock, read from its events.

The clock stands still while the reporter is asked, and for nothing else: not while an agency holds the case. Leaves out
what a pause does to a date; that is ``sla``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from workflows.sla import Pause

ASKED = "needs_info"


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

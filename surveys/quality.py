"""Signs that an answer may not be a visitor's own, as far as they show while it is sent.

Covers: the codes, which of them are grave enough that every figure is also given without such answers, and what can be
told from one form alone. Leaves out: what only shows beside other answers (``services.limits`` counts posts,
``selectors.quality`` compares stored answers). A flag never refuses, hides or changes an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

STRAIGHT = "straight"  # one and the same score everywhere
HASTY = "hasty"  # sent faster than the questions can be read
BURST = "burst"  # more posts than a place, a device or an address has visitors
STAFF = "staff"  # on an open channel, from a network of the office itself
TRAP = "trap"  # filled a field that people do not see
DUPLICATE = "duplicate"  # the content of an earlier answer of the same place and day; found when it is tallied
LATE = "late"  # after the survey closed or its version was replaced
FLAGS = (STRAIGHT, HASTY, BURST, STAFF, TRAP, DUPLICATE, LATE)

# The policy in one place. Content alone is no reason: many honest visitors give the same score everywhere, so two of
# them look alike; a late answer is merely late.
GRAVE = frozenset({HASTY, BURST, STAFF, TRAP})

# Nobody reads nine questions and their answers in five seconds; longer forms need half a second a question.
LEAST_SECONDS = 5
# Fewer equal scores say nothing.
STRAIGHT_FROM = 4
# Kept on a device for longer than this before it reached us.
LATE_AFTER = timedelta(days=7)


def flags_of(
    *,
    scores: Collection[int],
    asked: int = 0,
    seconds: int | None = None,
    is_late: bool = False,
    delay: timedelta | None = None,
    is_trapped: bool = False,
    seen: Iterable[str] = (),
) -> tuple[str, ...]:
    """Codes for one form in a fixed order, each once.

    ``asked`` counts its questions; ``seconds`` is None where nobody watched it being filled in; ``delay`` lies between
    answering and arriving; ``seen`` are codes the caller already knows. Raises ValueError for an unknown code.
    """
    found = set(seen)
    if unknown := found - set(FLAGS):
        raise ValueError(f"Unknown flag: {min(unknown)}")
    signs = {
        STRAIGHT: is_straight(scores),
        HASTY: seconds is not None and is_hasty(seconds, asked=asked),
        LATE: is_late or (delay is not None and delay > LATE_AFTER),
        TRAP: is_trapped,
    }
    found |= {code for code, shows in signs.items() if shows}
    return tuple(code for code in FLAGS if code in found)


def is_straight(scores: Collection[int]) -> bool:
    return len(scores) >= STRAIGHT_FROM and len(set(scores)) == 1


def is_hasty(seconds: int, *, asked: int) -> bool:
    return seconds < max(LEAST_SECONDS, asked // 2)


def is_grave(flags: Iterable[str]) -> bool:
    return not GRAVE.isdisjoint(flags)


def captured_moment(captured_at: datetime | None, now: datetime) -> datetime | None:
    """When an answer kept on a device was given; no clock may put it after its arrival."""
    return None if captured_at is None else min(captured_at, now)

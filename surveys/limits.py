"""How many answers may come from one place, one form or one network before they cost something.

Covers: the usual number of posts in a window, what exceeding it means, and the anonymous name a counter is kept under.
Leaves out: counting (``services.limits``) and what the visitor then has to do (``core.proofs``).

Nobody is turned away for a crowd: beyond the usual number an answer is taken, marked ``burst``, and its sender's device
has to work for a second. Only what no crowd can produce is refused, and the page then keeps what was typed.
A whole office, village or mobile network may stand behind one address, so that address counts least.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(minutes=10)


class Kind(StrEnum):
    POINT = "point"  # one poster, counter or room
    LINK = "link"  # a whole survey opened by its address
    NONCE = "nonce"  # one shown form, or one device that has a nonce of its own
    NETWORK = "network"  # an IPv4 address or an IPv6 /64, as a daily hash
    VISIT = "visit"  # attempts at visit tokens of one place
    FORGED = "forged"  # posts of one network under a form that was never shown


@dataclass(frozen=True, slots=True)
class Limit:
    """Posts per window. ``usual`` is what a full house produces, ``absurd`` what only a machine does."""

    usual: int
    absurd: int


# A counter that is asked every fifteen seconds; an agency that sends its link to everybody at once; a form that a bad
# line sends again and again; a village behind the address of its one provider; a slip typed wrongly.
LIMITS: Mapping[Kind, Limit] = {
    Kind.POINT: Limit(40, 4_000),
    Kind.LINK: Limit(300, 40_000),
    Kind.NONCE: Limit(5, 60),
    Kind.NETWORK: Limit(100, 6_000),
    Kind.VISIT: Limit(20, 400),
    Kind.FORGED: Limit(20, 400),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counters say about one post; ``excess`` is its number over the usual one, at the worst counter."""

    excess: float = 0.0
    is_absurd: bool = False

    @property
    def is_suspicious(self) -> bool:
        return self.excess > 1


def judge(counts: Mapping[Kind, int], *, times: int = 1) -> Verdict:
    """``times`` widens every limit at once, for a campaign day or a load test."""
    excess = max((n / (LIMITS[kind].usual * times) for kind, n in counts.items()), default=0.0)
    return Verdict(excess, any(n > LIMITS[kind].absurd * times for kind, n in counts.items()))


def window_ends(now: datetime) -> datetime:
    """Windows are the same for everybody, so that a counter needs no moment of its own."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def counter_name(kind: Kind, *, survey_id: int, value: str, now: datetime, secret: str) -> str:
    """Of this survey, this window and this day only; nobody can tell from it what was counted."""
    text = f"{kind}|{survey_id}|{now.astimezone(UTC):%Y-%m-%d}|{window_ends(now):%H:%M}|{value}"
    return hmac.new(f"surveys.limits.v1{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

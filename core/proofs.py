"""A small piece of work, or a short wait, that a form costs while more arrive than people can send.

Covers: making and checking a challenge. Leaves out: when one is asked for; each app judges that by its own counters.

The browser looks for the number whose hash with the salt is the one shown, among at most ``work`` numbers: about a
second on a phone of 2016, never a puzzle. A browser without scripts waits instead and sends the same form again.

A challenge is bound to one shown form: the form's key, under which what was sent is unique in the database, is part of
it. So the store of used challenges, shared by every process, is the table of what was sent: a solved challenge sent
again returns the first receipt and buys nothing else. The page with it is ``includes/proof.html`` and ``proof.js``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.core import signing

SALT = "core.proof.v1"
LIFETIME = timedelta(minutes=30)
# Hashes tried at most. A phone of 2016 does 40,000 a second with our script, so the dearest costs two seconds.
LEAST_WORK, MOST_WORK = 20_000, 80_000
# What a browser without scripts waits.
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(seconds=60)
# The fields in which a page sends its challenge back with the number found.
CHALLENGE_FIELD, PROOF_FIELD = "challenge", "proof"

# What a challenge is made for: the use, and what tells this form from every other.
Bound = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Challenge:
    """``digest`` is SHA-256 of salt and number in hexadecimal; ``shown_at`` an aware moment, whole seconds."""

    salt: str
    digest: str
    work: int
    wait: timedelta
    shown_at: datetime
    signed: str

    @property
    def open_at(self) -> datetime:
        return self.shown_at + self.wait

    def seconds_left(self, now: datetime) -> int:
        return max(1, ceil((self.open_at - now).total_seconds()))


def new_challenge(bound: Bound, *, excess: float, now: datetime) -> Challenge:
    """For one form; ``excess`` is how many times the usual arrive: the price grows with it, up to four times."""
    factor = min(max(excess, 1.0), 4.0)
    work = min(int(LEAST_WORK * factor), MOST_WORK)
    wait = timedelta(seconds=int(min(SHORTEST_WAIT * factor, LONGEST_WAIT).total_seconds()))
    salt, number = secrets.token_hex(12), secrets.randbelow(work)
    digest = _digest(salt, number)
    parts = [*bound, int(now.timestamp()), int(wait.total_seconds()), work, salt, digest]
    signed = signing.Signer(salt=SALT).sign_object(parts)
    return Challenge(salt, digest, work, wait, now, signed)


def read_challenge(text: str, bound: Bound, now: datetime) -> Challenge | None:
    """The challenge when we made it for this very form and it has not expired."""
    try:
        *made_for, shown, wait, work, salt, digest = signing.Signer(salt=SALT).unsign_object(text)
    # Only our own signed lists pass; anything else is one refusal.
    except (signing.BadSignature, ValueError, TypeError):
        return None
    shown_at = datetime.fromtimestamp(shown, UTC)
    if made_for != list(bound) or now - shown_at > LIFETIME:
        return None
    return Challenge(salt, digest, work, timedelta(seconds=wait), shown_at, text)


def is_solved(challenge: Challenge, answer: str) -> bool:
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 6):
        return False
    return hmac.compare_digest(_digest(challenge.salt, int(answer)), challenge.digest)


def is_paid(challenge: Challenge | None, answer: str, now: datetime) -> bool:
    """By work, or by waiting."""
    return challenge is not None and (now >= challenge.open_at or is_solved(challenge, answer))


def kept_fields(posted: Iterable[tuple[str, Sequence[str]]], *left_out: str) -> list[tuple[str, str]]:
    """What was typed, for the page that asks: every field but the challenge's own and those left out."""
    own = {CHALLENGE_FIELD, PROOF_FIELD, *left_out}
    return [(name, value) for name, values in posted if name not in own for value in values]


def _digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()

"""Codes printed under a QR: short enough to type, signed so that a made-up one is refused without a query.

Covers: making, normalising, checking and grouping a code. Leaves out: which service point it belongs to, rotation and
revocation (rows), and visit tokens, which need more bits because they prove a visit.

A code is ten random and four check characters of Crockford's alphabet (no I, L, O, U): 50 random bits, 20 check bits
from an HMAC-SHA256. ``keys`` are newest first, so posters printed before a key change stay valid.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY, CHECK = 10, 4
LENGTH = BODY + CHECK
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_SALT = b"surveys.service-point.v1"


def make_code(key: str, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new signed code, fourteen characters without separators."""
    body = "".join(choose(ALPHABET) for _ in range(BODY))
    return body + _check(body, key)


def normalise(text: str) -> str:
    """What a person typed or a phone read, as stored: upper case, no separators, look-alikes resolved."""
    return normalised(text[: LENGTH * 2])


def normalised(text: str) -> str:
    return text.strip().upper().translate(_LOOKALIKES)


def is_signed(code: str, keys: Iterable[str]) -> bool:
    """Whether one of our keys signed this normalised code; constant time per key."""
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return False
    body, check = code[:BODY], code[BODY:]
    return any(hmac.compare_digest(_check(body, key), check) for key in keys)


def grouped(code: str) -> str:
    """As printed on a poster: ``K7QM3-XPD9R-TB2Z``."""
    return "-".join((code[:5], code[5:BODY], code[BODY:]))


def _check(body: str, key: str) -> str:
    digest = hmac.new(key.encode(), _SALT + body.encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:4], "big")
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(CHECK))

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
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


@dataclass(frozen=True)
class Scheme:
    """Random characters and check characters of one kind of code; ``salt`` keeps the kinds apart under one key."""

    body: int
    check: int
    salt: bytes

    @property
    def length(self) -> int:
        return self.body + self.check

    def make(self, key: str, choose: Callable[[str], str] = secrets.choice) -> str:
        """A new signed code without separators."""
        body = "".join(choose(ALPHABET) for _ in range(self.body))
        return body + self._signature(body, key)

    def normalise(self, text: str) -> str:
        """What a person typed or a phone read, as made: upper case, no separators, look-alikes resolved."""
        return text[: self.length * 2].strip().upper().translate(_LOOKALIKES)

    def is_signed(self, code: str, keys: Iterable[str]) -> bool:
        """Whether one of our keys signed this normalised code; constant time per key, and every key is tried."""
        if len(code) != self.length or not set(code) <= set(ALPHABET):
            return False
        body, check = code[: self.body], code[self.body :]
        return any([hmac.compare_digest(self._signature(body, key), check) for key in keys])  # noqa: C419  as it says

    def _signature(self, body: str, key: str) -> str:
        digest = hmac.new(key.encode(), self.salt + body.encode(), hashlib.sha256).digest()
        value = int.from_bytes(digest[:4], "big")
        return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(self.check))


_POSTER = Scheme(10, 4, b"surveys.service-point.v1")
BODY, CHECK, LENGTH = _POSTER.body, _POSTER.check, _POSTER.length
make_code, normalise, is_signed = _POSTER.make, _POSTER.normalise, _POSTER.is_signed


def grouped(code: str) -> str:
    """As printed on a poster: ``K7QM3-XPD9R-TB2Z``."""
    return "-".join((code[:5], code[5:BODY], code[BODY:]))

"""Codes on visit slips: they prove one visit, so they carry more than a poster's code.

Covers: making, normalising, checking and grouping a code, and what is stored in its place. Leaves out: place, last day
and whether it is spent (rows).

Sixteen random characters of Crockford's alphabet (80 random bits) and four check characters from an HMAC (20 bits): a
guess is refused without a query in all but one of a million cases, and hits an issued slip with a chance of n / 2^80.
Only a digest is stored, so whoever reads the table cannot print a slip.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable

from surveys.codes import ALPHABET, normalised

BODY, CHECK, GROUP = 16, 4, 5
LENGTH = BODY + CHECK
_CHECK_SALT = b"surveys.visit.v1"
_DIGEST_SALT = b"surveys.visit.digest.v1"


def make_visit_code(key: str, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new signed code, twenty characters without separators."""
    body = "".join(choose(ALPHABET) for _ in range(BODY))
    return body + _check(body, key)


def normalise(text: str) -> str:
    """What a person typed or a phone read, as it was made."""
    return normalised(text[: LENGTH * 2])


def is_signed(code: str, keys: Iterable[str]) -> bool:
    """Whether one of our keys signed this normalised code; constant time per key."""
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return False
    body, check = code[:BODY], code[BODY:]
    return any([hmac.compare_digest(_check(body, key), check) for key in keys])  # noqa: C419  all are compared


def digest_of(code: str) -> str:
    """What is stored. Eighty random bits need no slow hash and no key that could be changed."""
    return hashlib.sha256(_DIGEST_SALT + code.encode()).hexdigest()


def number_of(digest: str) -> int:
    """The row's number: 62 bits of the digest, in no order of issue."""
    return int(digest[:16], 16) >> 2


def grouped(code: str) -> str:
    """As printed: ``K7QM3-XPD9R-TB2Z0-4HJ6N``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _check(body: str, key: str) -> str:
    digest = hmac.new(key.encode(), _CHECK_SALT + body.encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:4], "big")
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(CHECK))

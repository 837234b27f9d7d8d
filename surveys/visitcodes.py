"""Codes on visit slips: they prove one visit, so they carry more than a poster's code.

Covers: making, normalising, checking and grouping a code, and what is stored in its place. Leaves out: place, last day
and whether it is spent (rows).

Sixteen random characters of Crockford's alphabet (80 random bits) and four check characters from an HMAC (20 bits): a
guess is refused without a query in all but one of a million cases, and hits an issued slip with a chance of n / 2^80.
Only a digest is stored, so whoever reads the table cannot print a slip.
"""

from __future__ import annotations

import hashlib

from surveys.codes import Scheme

_DIGEST_SALT = b"surveys.visit.digest.v1"
_SLIP = Scheme(16, 4, b"surveys.visit.v1")
GROUP = 5
BODY, CHECK, LENGTH = _SLIP.body, _SLIP.check, _SLIP.length
make_visit_code, normalise, is_signed = _SLIP.make, _SLIP.normalise, _SLIP.is_signed


def digest_of(code: str) -> str:
    """What is stored. Eighty random bits need no slow hash and no key that could be changed."""
    return hashlib.sha256(_DIGEST_SALT + code.encode()).hexdigest()


def number_of(digest: str) -> int:
    """The row's number: 62 bits of the digest, in no order of issue."""
    return int(digest[:16], 16) >> 2


def grouped(code: str) -> str:
    """As printed: ``K7QM3-XPD9R-TB2Z0-4HJ6N``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))

"""Whether the thank-you page offers a complaint: a low score is none yet, and many do not know how to make one.

Covers: what counts as low, and the mark that tells the thank-you page. The address of that page stands in histories
and logs, so every answer gets a mark, a good one looks like a bad one, and it holds for an hour or two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "surveys.offer.v1"
LENGTH = 12


def is_low(scores: Iterable[int | None], *, low: int, high: int) -> bool:
    """True when any score lies in the lower half of the scale: 1 and 2 of 1 to 4."""
    return any(score is not None and 2 * score < low + high for score in scores)


def mark_of(receipt: str, *, is_offered: bool, now: datetime) -> str:
    return _mark(receipt, is_offered, _hour(now))


def is_offered(mark: str, receipt: str, now: datetime) -> bool:
    """Whether this mark was given with this receipt, in this hour or the one before, after a low score."""
    return any(constant_time_compare(mark, _mark(receipt, True, _hour(now) - back)) for back in (0, 1))


def _hour(moment: datetime) -> int:
    return int(moment.timestamp()) // 3600


def _mark(receipt: str, is_offered: bool, hour: int) -> str:
    return salted_hmac(SALT, f"{receipt}.{is_offered:d}.{hour}").hexdigest()[:LENGTH]

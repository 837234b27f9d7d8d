"""Is a unit going to reach its sample before the period ends?

Covers: how many answers are expected by a day, what is missing, and the standing of a target in one word.
Leaves out: the size of the sample (surveys/sample.py) and who is reminded. Days are half-open: a period ends before
``end``. Nothing here reads the clock.

Answers are expected evenly over the period. A target is called at risk only after a quarter of the period, when fewer
than three quarters of what was expected by then have come: a slow first week is no reason to alarm anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

GRACE = Fraction(1, 4)
TOLERANCE = Fraction(3, 4)


class Pace(StrEnum):
    NOT_STARTED = "not_started"
    REACHED = "reached"
    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Progress:
    """``needed`` answers, ``reached`` so far, ``expected`` by this day; ``elapsed`` is the share of the period gone."""

    needed: int
    reached: int
    elapsed: Fraction
    pace: Pace

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.reached)

    @property
    def expected(self) -> int:
        """Whole answers that should be there by now."""
        return int(self.needed * self.elapsed)

    @property
    def share(self) -> Fraction:
        """Of the sample, at most 1; a sample of nobody is reached."""
        return min(Fraction(1), Fraction(self.reached, self.needed)) if self.needed else Fraction(1)


def elapsed_share(start: date, end: date, on: date) -> Fraction:
    """Share of the period that is over on the morning of ``on``. Raises ValueError for a period that ends early."""
    if end <= start:
        raise ValueError("A period ends after it starts.")
    return min(Fraction(1), max(Fraction(0), Fraction((on - start).days, (end - start).days)))


def progress(*, needed: int, reached: int, start: date, end: date, on: date) -> Progress:
    """Where a target stands on a day."""
    elapsed = elapsed_share(start, end, on)
    return Progress(needed, reached, elapsed, _pace(needed, reached, elapsed, on < start))


def _pace(needed: int, reached: int, elapsed: Fraction, is_ahead: bool) -> Pace:
    if reached >= needed:
        return Pace.REACHED
    if is_ahead:
        return Pace.NOT_STARTED
    if elapsed == 1:
        return Pace.MISSED
    late = elapsed >= GRACE and reached < TOLERANCE * needed * elapsed
    return Pace.AT_RISK if late else Pace.ON_COURSE

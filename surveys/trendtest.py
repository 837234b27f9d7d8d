"""Did an index change from one period to the next, or is it chance?

Covers: Welch's test of two means with different spread, Holm's adjustment for many tests on one page, a verdict for
each step of a trend, no verdict across a change of the instrument version.
Leaves out: which periods are compared and the words. A test compares who answered; it cannot repair who did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import inf, sqrt

from surveys.distributions import t_two_sided
from surveys.index import MINIMUM_ANSWERS
from surveys.statistics import Moments, index_spread

# A difference that chance makes once in twenty times, over all tests of a page together.
RISK = 0.05


class Change(StrEnum):
    ROSE = "rose"
    FELL = "fell"
    NOT_CLEAR = "not_clear"
    TOO_FEW = "too_few"
    # Asked with another instrument version: the two figures do not measure the same.
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Sample:
    """An index as a mean over ``n`` forms with the variance of the forms."""

    n: int
    mean: Fraction
    variance: Fraction

    @classmethod
    def of(cls, moments: Moments, *, scale_max: int = 4) -> Sample | None:
        """From the sums of one period; None when they are too few to be shown."""
        spread = index_spread(moments, scale_max=scale_max)
        return cls(moments.n, *spread) if spread and moments.n >= MINIMUM_ANSWERS else None


@dataclass(frozen=True, slots=True)
class Welch:
    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class Step:
    """From one period to the next: ``p`` is already adjusted for the other steps; None where nothing was tested."""

    change: Change
    difference: Fraction | None = None
    p: float | None = None


def welch(before: Sample, after: Sample) -> Welch:
    """Welch's t-test, two-sided. Without any spread on both sides every difference is beyond chance."""
    first, second = before.variance / before.n, after.variance / after.n
    difference = after.mean - before.mean
    if not first + second:
        return Welch(inf if difference else 0.0, float(before.n + after.n - 2), 0.0 if difference else 1.0)
    t = float(difference) / sqrt(first + second)
    df = float((first + second) ** 2 / (first**2 / (before.n - 1) + second**2 / (after.n - 1)))
    return Welch(t, df, t_two_sided(t, df))


def holm(probabilities: Sequence[float]) -> list[float]:
    """Adjusted probabilities in the order given: the chance of one false alarm among all stays at the chosen risk."""
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    adjusted, highest = [0.0] * len(probabilities), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * probabilities[place]))
        adjusted[place] = highest
    return adjusted


def steps(samples: Sequence[Sample | None], breaks: Sequence[bool], *, risk: float = RISK) -> list[Step]:
    """One step for each period but the first, oldest first.

    ``samples`` holds None where a period has too few answers; ``breaks`` says of each period whether its instrument
    version differs from the one before. Raises ValueError when the two differ in length.
    """
    pairs = list(zip(samples, samples[1:], breaks[1:], strict=False))
    if len(samples) != len(breaks):
        raise ValueError("Every period says whether it breaks the trend.")
    return compared([(before, after) if not broken else None for before, after, broken in pairs], risk=risk)


def compared(pairs: Sequence[tuple[Sample | None, Sample | None] | None], *, risk: float = RISK) -> list[Step]:
    """Any list of before and after, tested together; None marks a pair that is not comparable.

    A page that lists many services passes all of them here at once, so that twenty of them do not raise one false
    alarm by mere number.
    """
    tests = [welch(*pair) if pair and pair[0] and pair[1] else None for pair in pairs]  # type: ignore[arg-type]
    adjusted = iter(holm([test.p for test in tests if test is not None]))
    return [_step(pair, next(adjusted) if test else None, risk) for pair, test in zip(pairs, tests, strict=True)]


def _step(pair: tuple[Sample | None, Sample | None] | None, p: float | None, risk: float) -> Step:
    if pair is None:
        return Step(Change.NOT_COMPARABLE)
    before, after = pair
    if before is None or after is None or p is None:
        return Step(Change.TOO_FEW)
    difference = after.mean - before.mean
    if p >= risk:
        return Step(Change.NOT_CLEAR, difference, p)
    return Step(Change.ROSE if difference > 0 else Change.FELL, difference, p)

"""Importance-performance matrix: where an improvement is worth most.

Covers: performance (mean score), derived importance (correlation with the rest of the form: what moves together with
the overall impression), the two dividing lines, the quadrant of each element, and whether that quadrant is certain.
Leaves out: stated importance (the official form does not ask for it) and the drawing.

Nobody should act on a dot beside a line: an element is "near the line" when the uncertainty of its mean or of its
correlation crosses the dividing line, and is then reported without pressing it into a quadrant's advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import atanh, sqrt, tanh

from surveys.distributions import half_width, normal_quantile
from surveys.reliability import MINIMUM_FORMS, rest_correlation
from surveys.statistics import LEVEL, Moments, finite_correction


class Quadrant(StrEnum):
    IMPROVE_FIRST = "improve_first"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    MORE_THAN_NEEDED = "more_than_needed"


# (important, performs well) to quadrant.
_QUADRANTS = {
    (True, False): Quadrant.IMPROVE_FIRST,
    (True, True): Quadrant.KEEP_UP,
    (False, False): Quadrant.LOW_PRIORITY,
    (False, True): Quadrant.MORE_THAN_NEEDED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """One element; the ranges hold at 95 %. ``is_near_line``: the quadrant may be the neighbouring one."""

    slot: int
    performance: Fraction
    performance_range: tuple[float, float]
    importance: float
    importance_range: tuple[float, float]
    quadrant: Quadrant
    is_near_line: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """``performance_line`` is the mean of the elements' means, ``importance_line`` that of their correlations."""

    n: int
    performance_line: Fraction
    importance_line: float
    places: tuple[Place, ...]


def matrix_of(moments: Moments, *, population: int | None = None) -> Matrix | None:
    """The matrix of one instrument version; None below 30 forms or when fewer than two elements vary.

    An element that everybody scored alike has no importance that could be derived and is left out.
    """
    if moments.n < MINIMUM_FORMS:
        return None
    importance = {slot: r for slot in moments.slots if (r := rest_correlation(moments, slot)) is not None}
    if len(importance) < 2:
        return None
    means = {slot: Fraction(moments.slots[slot].total, moments.slots[slot].n) for slot in importance}
    lines = sum(means.values(), Fraction(0)) / len(means), sum(importance.values()) / len(importance)
    places = [_place(moments, slot, importance[slot], lines, population) for slot in importance]
    return Matrix(moments.n, *lines, tuple(places))


def _place(
    moments: Moments,
    slot: int,
    importance: float,
    lines: tuple[Fraction, float],
    population: int | None,
) -> Place:
    performance_line, importance_line = lines
    mean = Fraction(moments.slots[slot].total, moments.slots[slot].n)
    reach = half_width(moments.n, LEVEL) * sqrt(
        (moments.variance(slot) or Fraction(0)) / moments.n * finite_correction(moments.n, population)
    )
    performance_range = float(mean) - reach, float(mean) + reach
    importance_range = correlation_range(importance, moments.n)
    return Place(
        slot,
        mean,
        performance_range,
        importance,
        importance_range,
        # On the line counts as above it.
        _QUADRANTS[importance >= importance_line, mean >= performance_line],
        _holds(performance_range, float(performance_line)) or _holds(importance_range, importance_line),
    )


def correlation_range(r: float, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Fisher's interval of a correlation of ``n`` > 3 pairs; a perfect one has no width."""
    if abs(r) >= 1:
        return r, r
    reach = normal_quantile(level) / sqrt(n - 3)
    return tanh(atanh(r) - reach), tanh(atanh(r) + reach)


def _holds(bounds: Sequence[float], line: float) -> bool:
    return bounds[0] <= line <= bounds[1]

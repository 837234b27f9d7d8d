"""Statistics of a survey from additive sums: variance, covariance, and the confidence interval of an index.

Covers: what can be told from ``Moments``, the sums a tally keeps for complete forms, without reading a single answer.
Leaves out: the index itself (surveys/index.py, exact fractions), reliability and validity (surveys/reliability.py),
comparing periods (surveys/trendtest.py), quadrants (surveys/matrix.py), what is too small to show
(surveys/suppression.py).

Sums are whole numbers and every mean, variance and covariance is an exact ``Fraction``; a float appears only where a
square root or a distribution is needed, and is never fed back into an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

from surveys.distributions import half_width, normal_quantile
from surveys.index import MINIMUM_ANSWERS

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class SlotMoments:
    """One element over complete forms: ``with_total`` is the sum of its score times the form's total."""

    n: int = 0
    total: int = 0
    squares: int = 0
    with_total: int = 0

    def __add__(self, other: SlotMoments) -> SlotMoments:
        return SlotMoments(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            self.with_total + other.with_total,
        )


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the complete forms of one instrument version; they add over days, services, agencies and channels.

    ``total`` and ``total_squares`` are the sum of the forms' totals (the sum of all scores of a form) and of their
    squares. ``slots`` holds the same by element; keys are the slots of the answers table, or any other name.
    """

    n: int = 0
    total: int = 0
    total_squares: int = 0
    slots: Mapping[int, SlotMoments] = field(default_factory=dict)

    def __add__(self, other: Moments) -> Moments:
        keys = dict.fromkeys((*self.slots, *other.slots))
        empty = SlotMoments()
        return Moments(
            self.n + other.n,
            self.total + other.total,
            self.total_squares + other.total_squares,
            {key: self.slots.get(key, empty) + other.slots.get(key, empty) for key in keys},
        )

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[int, int]]) -> Moments:
        """Sums of complete forms given as {slot: score}."""
        whole = cls()
        for row in rows:
            whole += cls.of_form(row)
        return whole

    @classmethod
    def of_form(cls, scores: Mapping[int, int]) -> Moments:
        """One complete form."""
        total = sum(scores.values())
        slots = {slot: SlotMoments(1, score, score * score, score * total) for slot, score in scores.items()}
        return cls(1, total, total * total, slots)

    def variance(self, slot: int) -> Fraction | None:
        """Of one element's scores, with n - 1; None below two forms."""
        row = self.slots[slot]
        return _spread(row.n, row.total, row.total, row.squares)

    def covariance(self, slot: int) -> Fraction | None:
        """Of one element's score with the form's total, the element itself included."""
        row = self.slots[slot]
        return _spread(self.n, row.total, self.total, row.with_total)

    @property
    def total_variance(self) -> Fraction | None:
        """Of the forms' totals, with n - 1; None below two forms."""
        return _spread(self.n, self.total, self.total, self.total_squares)


def _spread(n: int, first: int, second: int, products: int) -> Fraction | None:
    return (products - Fraction(first * second, n)) / (n - 1) if n > 1 else None


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the figure would lie if everybody had been asked, at this level; ``corrected`` for a known population."""

    low: float
    high: float
    level: float
    corrected: bool

    @property
    def margin(self) -> float:
        return (self.high - self.low) / 2


def points_per_total(elements: int, scale_max: int = 4) -> Fraction:
    """What one point of a form's total is worth on the index: 25/9 for nine elements on a scale of four."""
    return Fraction(100, scale_max * elements)


def index_spread(moments: Moments, *, scale_max: int = 4) -> tuple[Fraction, Fraction] | None:
    """Mean and variance of the forms' own indexes; the mean is the index of these forms. None below two forms."""
    variance = moments.total_variance
    if variance is None or not moments.slots:
        return None
    worth = points_per_total(len(moments.slots), scale_max)
    return worth * Fraction(moments.total, moments.n), worth * worth * variance


def index_interval(
    moments: Moments, *, sampled: bool, population: int | None = None, scale_max: int = 4, level: float = LEVEL
) -> Interval | None:
    """Confidence interval of the index of these forms; None where there is none to give.

    ``sampled`` is False for whoever happened to answer: volunteers are no random sample, and a margin of error beside
    their figure would promise what nobody knows. A ``population`` smaller than the forms it should hold (the count of
    an earlier period is the usual stand-in) corrects nothing.
    """
    spread = index_spread(moments, scale_max=scale_max)
    if spread is None or not sampled or moments.n < MINIMUM_ANSWERS:
        return None
    mean, variance = spread
    factor = finite_correction(moments.n, population)
    margin = half_width(moments.n, level) * sqrt(variance / moments.n * factor)
    low, high = max(float(mean) - margin, 100 / scale_max), min(float(mean) + margin, 100.0)
    return Interval(low, high, level, corrected=factor != 1)


def finite_correction(n: int, population: int | None) -> Fraction:
    """Factor of the squared standard error: 0 when everybody answered, 1 when the population is unknown."""
    if population is None or population < max(n, 2):
        return Fraction(1)
    return Fraction(population - n, population - 1)


def share_interval(count: int, n: int, *, level: float = LEVEL) -> tuple[float, float] | None:
    """Wilson's interval of a share; None without answers. Raises ValueError for a count that cannot be."""
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share.")
    if not n:
        return None
    z, share = normal_quantile(level), count / n
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)

"""Statistics of a survey from additive sums: variance, interval, reliability, validity, derived importance.

Covers: what can be told from ``Moments``, the sums a tally keeps for complete forms, without reading a single answer.
Leaves out: the index itself (surveys/index.py, exact fractions), comparing periods (surveys/trendtest.py), quadrants
(surveys/matrix.py) and what is too small to show (surveys/suppression.py).

Sums are whole numbers and every mean, variance and covariance is an exact ``Fraction``; a float appears only where a
square root or a distribution is needed, and is never fed back into an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


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

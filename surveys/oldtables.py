"""Re-reading a printed table of an old report: which rule of weight and rounding gives its index.

Covers: tables that print the mean of each element (NRR) and the sum of weighted means (NI) or the index. A printed NRR
stands for every value that rounds to it, so a rule fits when some of these values give the printed figure: the index
may lie half a unit of the NRR's last decimal times 25 (on a scale of four) beside the one computed from what is
printed, 0.125 for two decimals and 0.0125 for three.
Several rules often fit. They are ranked by how common a rule is in published reports and by how narrowly it predicts
the figure: a rule that could have given only this index says more than one that could have given twenty-five.

Leaves out: correcting. A table that no rule gives, or that contradicts itself, is reported as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from surveys.index import RoundingRule, WeightRule, half_up

_WEIGHTS = {
    WeightRule.LITERAL_0111: Fraction(111, 1000),
    WeightRule.LITERAL_01111: Fraction(1111, 10000),
    WeightRule.LITERAL_011: Fraction(11, 100),
    WeightRule.LITERAL_0071: Fraction(71, 1000),
}
# How common, in rough proportion: exact ninths printed once are the rule, everything else the exception.
_COMMON_WEIGHTS = {
    WeightRule.EXACT: 8,
    WeightRule.LITERAL_0071: 8,
    WeightRule.LITERAL_0111: 4,
    WeightRule.LITERAL_011: 3,
}
_ROUNDINGS = {
    RoundingRule.PRINT: 8,
    RoundingRule.NRR_3: 2,
    RoundingRule.NRR_2: 2,
    RoundingRule.NI_3: 1,
    RoundingRule.WEIGHTED_3: 1,
    RoundingRule.WEIGHTED_2: 1,
}
_WEIGHTED_PLACES = {RoundingRule.WEIGHTED_2: 2, RoundingRule.WEIGHTED_3: 3}
_NRR_PLACES = {RoundingRule.NRR_2: 2, RoundingRule.NRR_3: 3}


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What stands on the paper, with as many decimals as printed; ``ni`` or ``index`` may be missing, not both."""

    nrr: tuple[Decimal, ...]
    ni: Decimal | None = None
    index: Decimal | None = None
    scale_max: int = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule and the index it gives from the printed means; ``distance`` to the printed index, None without one."""

    weight: WeightRule
    rounding: RoundingRule
    ni: Decimal
    index: Decimal
    distance: Decimal | None
    fits: bool
    # Indexes to two decimals that this rule could have printed.
    width: int = 1

    @property
    def likelihood(self) -> Fraction:
        """Only for ranking the rules that fit one table."""
        return Fraction(_COMMON_WEIGHTS.get(self.weight, 1) * _ROUNDINGS[self.rounding], self.width)


@dataclass(frozen=True, slots=True)
class Reading:
    """All rules, those that fit first. ``contradicts`` marks a printed NI that does not give the printed index."""

    candidates: tuple[Candidate, ...]
    tolerance: Decimal
    contradicts: bool

    @property
    def fitting(self) -> tuple[Candidate, ...]:
        return tuple(candidate for candidate in self.candidates if candidate.fits)

    @property
    def best(self) -> Candidate | None:
        """The most likely rule that reproduces the table; None when none does."""
        return next(iter(self.fitting), None)

    @property
    def weights(self) -> tuple[WeightRule, ...]:
        """Weights among the rules that fit: one means the table is told apart beyond doubt."""
        return tuple(dict.fromkeys(candidate.weight for candidate in self.fitting))


def read_table(table: PrintedTable) -> Reading:
    """Name the rules that give the printed figures.

    Raises ValueError without means, without a figure to compare with, or with a mean off the scale.
    """
    if not table.nrr or (table.ni is None and table.index is None):
        raise ValueError("A table needs its means, and its NI or its index.")
    if any(not 1 <= mean <= table.scale_max for mean in table.nrr):
        raise ValueError("A mean lies off the scale.")
    candidates = sorted(_candidates(table), key=lambda row: (not row.fits, -row.likelihood))
    return Reading(tuple(candidates), tolerance_of(table), _contradicts(table))


def tolerance_of(table: PrintedTable) -> Decimal:
    """How far an index computed from the printed means may lie from the true one."""
    places = max(_places(mean) for mean in table.nrr)
    return Decimal(100) / table.scale_max * Decimal(1).scaleb(-places) / 2


def _candidates(table: PrintedTable) -> Iterator[Candidate]:
    for weight, value in _weights(len(table.nrr)).items():
        for rounding in _ROUNDINGS:
            if _tells_more(table, rounding):
                yield _candidate(table, weight, value, rounding)


def _weights(elements: int) -> dict[WeightRule, Fraction]:
    """Weights that were ever printed for this number of elements."""
    literal = (WeightRule.LITERAL_0071,) if elements > 9 else (WeightRule.LITERAL_0111, WeightRule.LITERAL_01111,
                                                              WeightRule.LITERAL_011)  # fmt: skip
    return {WeightRule.EXACT: Fraction(1, elements), **{rule: _WEIGHTS[rule] for rule in literal}}


def _tells_more(table: PrintedTable, rounding: RoundingRule) -> bool:
    """Means rounded to more decimals than were printed are the printed ones: no rule of its own."""
    places = _NRR_PLACES.get(rounding)
    return places is None or places <= max(_places(mean) for mean in table.nrr)


def _candidate(table: PrintedTable, weight: WeightRule, value: Fraction, rounding: RoundingRule) -> Candidate:
    means = [Fraction(mean) for mean in table.nrr]
    slack = Fraction(tolerance_of(table)) / _points(table)
    if rounding in _NRR_PLACES:
        means, slack = [Fraction(half_up(mean, _NRR_PLACES[rounding])) for mean in means], Fraction(0)
    low, middle, high = (_ni(_shifted(means, shift, table), value, rounding) for shift in (-slack, 0, slack))
    ni, index = half_up(middle, 3), half_up(middle * _points(table), 2)
    distance = None if table.index is None else abs(index - table.index)
    width = (half_up(high * _points(table), 2) - half_up(low * _points(table), 2)) * 100 + 1
    return Candidate(weight, rounding, ni, index, distance, _fits(table, low, high), int(width))


def _shifted(means: Sequence[Fraction], shift: Fraction | int, table: PrintedTable) -> list[Fraction]:
    """The means moved within their rounding, but not off the scale."""
    return [min(max(mean + shift, Fraction(1)), Fraction(table.scale_max)) for mean in means]


def _ni(means: Sequence[Fraction], weight: Fraction, rounding: RoundingRule) -> Fraction:
    weighted = [mean * weight for mean in means]
    if rounding in _WEIGHTED_PLACES:
        weighted = [Fraction(half_up(value, _WEIGHTED_PLACES[rounding])) for value in weighted]
    ni = sum(weighted, Fraction(0))
    return Fraction(half_up(ni, 3)) if rounding is RoundingRule.NI_3 else ni


def _fits(table: PrintedTable, low: Fraction, high: Fraction) -> bool:
    """Whether a value between the bounds rounds to each printed figure."""
    printed = [(table.ni, Fraction(1)), (table.index, _points(table))]
    return all(_reaches(figure, low * factor, high * factor) for figure, factor in printed if figure is not None)


def _reaches(figure: Decimal, low: Fraction, high: Fraction) -> bool:
    places = _places(figure)
    return half_up(low, places) <= figure <= half_up(high, places)


def _contradicts(table: PrintedTable) -> bool:
    """The printed index cannot come from the printed NI, however that was rounded."""
    if table.ni is None or table.index is None:
        return False
    half = Fraction(1, 2 * 10 ** _places(table.ni))
    points, ni = _points(table), Fraction(table.ni)
    return not _reaches(table.index, (ni - half) * points, (ni + half) * points)


def _points(table: PrintedTable) -> Fraction:
    return Fraction(100, table.scale_max)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

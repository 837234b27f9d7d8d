"""The satisfaction index (IKM) of PermenPANRB 14/2017: totals in, index and grade out.

Covers: mean per element (NRR), weighted mean, NI, the index on 25..100, the grade table, composition of units, and the
weight and rounding variants met in old reports (needed to re-read them, never to publish).
Leaves out: which answers count, periods, suppression of small numbers, confidence intervals.

Totals and counts are whole numbers; everything between them and the printed figure is a ``Fraction``. Rounding is half
up and happens once, in ``half_up``, when a figure is printed. The grade is that of the index rounded to two decimals,
because the printed table has gaps (64.99 / 65.00, 76.60 / 76.61, 88.30 / 88.31).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

INDEX_PLACES = 2
NRR_PLACES = 3
# No figure below ten answers is shown; "not enough data" stands in its place.
MINIMUM_ANSWERS = 10


class Compose(StrEnum):
    """How units become one figure; publish the rule beside the figure."""

    POOLED = "pooled"
    MEAN = "mean"
    WEIGHTED = "weighted"


class WeightRule(StrEnum):
    """Weight of one element.

    ``EXACT`` is 1 / number of elements answered, ``OWN`` a weight per element, divided by the sum of the weights of the
    elements answered: with both a perfect survey gives 100.00. The literal ones only re-read old reports.
    """

    EXACT = "exact"
    OWN = "own"
    LITERAL_0111 = "literal_0.111"
    LITERAL_01111 = "literal_0.1111"
    LITERAL_011 = "literal_0.11"
    LITERAL_0071 = "literal_0.071"


class RoundingRule(StrEnum):
    """Where the arithmetic rounds. Only ``PRINT`` is used for new indexes."""

    PRINT = "print"
    NRR_2 = "nrr_2"
    NRR_3 = "nrr_3"
    WEIGHTED_2 = "weighted_2"
    WEIGHTED_3 = "weighted_3"
    NI_3 = "ni_3"


_LITERAL_WEIGHTS = {
    WeightRule.LITERAL_0111: Fraction(111, 1000),
    WeightRule.LITERAL_01111: Fraction(1111, 10000),
    WeightRule.LITERAL_011: Fraction(11, 100),
    WeightRule.LITERAL_0071: Fraction(71, 1000),
}
_NRR_ROUNDING = {RoundingRule.NRR_2: 2, RoundingRule.NRR_3: 3}
_WEIGHTED_ROUNDING = {RoundingRule.WEIGHTED_2: 2, RoundingRule.WEIGHTED_3: 3}


@dataclass(frozen=True, slots=True)
class QualityBand:
    """One row of a grade table; ``lower`` is inclusive and compared with the index rounded to two decimals."""

    grade: str
    label: str
    lower: Decimal


BANDS_2017 = (
    QualityBand("A", "Sangat baik", Decimal("88.31")),
    QualityBand("B", "Baik", Decimal("76.61")),
    QualityBand("C", "Kurang baik", Decimal("65.00")),
    QualityBand("D", "Tidak baik", Decimal("25.00")),
)


@dataclass(frozen=True, slots=True)
class Method:
    """Everything besides the answers that decides a figure; stored with the instrument version."""

    weight: WeightRule = WeightRule.EXACT
    rounding: RoundingRule = RoundingRule.PRINT
    scale_max: int = 4
    bands: tuple[QualityBand, ...] = BANDS_2017
    # Element code and weight, for ``WeightRule.OWN``.
    weights: tuple[tuple[str, Fraction], ...] = ()

    @property
    def points_per_score(self) -> Fraction:
        """25 on the official scale of four: the best score is always 100."""
        return Fraction(100, self.scale_max)


@dataclass(frozen=True, slots=True)
class ElementResult:
    """One element: whole-number total over its own ``n`` answers; ``nrr`` is None without answers."""

    code: str
    n: int
    total: int
    nrr: Fraction | None
    weighted: Fraction | None
    index: Fraction | None
    band: QualityBand | None


@dataclass(frozen=True, slots=True)
class IndexResult:
    """A figure with its parts. ``n`` is the number of complete forms; with n = 0 there is no index and no grade."""

    n: int
    elements: tuple[ElementResult, ...]
    ni: Fraction | None
    index: Fraction | None
    band: QualityBand | None
    method: Method = Method()

    @property
    def total(self) -> int:
        """Sum of all scores."""
        return sum(element.total for element in self.elements)

    @property
    def printed(self) -> Decimal | None:
        """The index as published, two decimals."""
        return None if self.index is None else half_up(self.index, INDEX_PLACES)

    @property
    def is_enough(self) -> bool:
        """Whether the figure may be shown in public."""
        return self.n >= MINIMUM_ANSWERS

    def element(self, code: str) -> ElementResult | None:
        return next((element for element in self.elements if element.code == code), None)


def half_up(value: Fraction, places: int) -> Decimal:
    """Round half away from zero to ``places`` decimals, exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def band_for(index: Fraction | Decimal | None, bands: Sequence[QualityBand] = BANDS_2017) -> QualityBand | None:
    """Grade of an index on 0..100; None without an index. Below the lowest bound the lowest grade holds."""
    if index is None or not bands:
        return None
    printed = half_up(Fraction(index), INDEX_PLACES)
    ordered = sorted(bands, key=lambda band: band.lower, reverse=True)
    return next((band for band in ordered if printed >= band.lower), ordered[-1])


def bands_from(rows: Sequence[Mapping[str, Any]]) -> tuple[QualityBand, ...]:
    """Read a stored grade table: rows of grade, label, lower (text, two decimals)."""
    return tuple(QualityBand(row["grade"], row["label"], Decimal(str(row["lower"]))) for row in rows)


def compute(
    totals: Mapping[str, int], n: int, *, counts: Mapping[str, int] | None = None, method: Method = Method()
) -> IndexResult:
    """Index of one pool of forms.

    ``totals`` holds the sum of scores by element code, in the order of the report; ``counts`` the answers per element
    where they differ from ``n`` (not applicable). An element nobody answered has no weight: weight = 1 / active.
    Raises ValueError when a total cannot come from its count.
    """
    counts = counts or dict.fromkeys(totals, n)
    for code, total in totals.items():
        _check_possible(code, total, counts[code], method)
    weights = element_weights([code for code in totals if counts[code]], method)
    elements = tuple(_element(code, total, counts[code], weights, method) for code, total in totals.items())
    ni = _ni(elements, method)
    index = None if ni is None else ni * method.points_per_score
    return IndexResult(n, elements, ni, index, band_for(index, method.bands), method)


def _check_possible(code: str, total: int, n: int, method: Method) -> None:
    if not n <= total <= n * method.scale_max:
        raise ValueError(f"Element {code}: a total of {total} cannot come from {n} answers.")


def element_weights(active: Sequence[str], method: Method) -> dict[str, Fraction]:
    """Weight by code of the elements somebody answered."""
    if method.weight is WeightRule.OWN:
        own = dict(method.weights)
        whole = sum((own.get(code, Fraction(0)) for code in active), Fraction(0))
        return {code: own.get(code, Fraction(0)) / whole if whole else Fraction(0) for code in active}
    weight = _LITERAL_WEIGHTS.get(method.weight, Fraction(1, len(active) or 1))
    return dict.fromkeys(active, weight)


def _element(code: str, total: int, n: int, weights: Mapping[str, Fraction], method: Method) -> ElementResult:
    if not n:
        return ElementResult(code, 0, 0, None, None, None, None)
    nrr = Fraction(total, n)
    if method.rounding in _NRR_ROUNDING:
        nrr = Fraction(half_up(nrr, _NRR_ROUNDING[method.rounding]))
    weighted = nrr * weights[code]
    if method.rounding in _WEIGHTED_ROUNDING:
        weighted = Fraction(half_up(weighted, _WEIGHTED_ROUNDING[method.rounding]))
    index = nrr * method.points_per_score
    return ElementResult(code, n, total, nrr, weighted, index, band_for(index, method.bands))


def _ni(elements: Sequence[ElementResult], method: Method) -> Fraction | None:
    weighted = [element.weighted for element in elements if element.weighted is not None]
    if not weighted:
        return None
    ni = sum(weighted, Fraction(0))
    return Fraction(half_up(ni, 3)) if method.rounding is RoundingRule.NI_3 else ni


def compose(units: Sequence[IndexResult], rule: Compose, weights: Sequence[int] | None = None) -> IndexResult:
    """One figure from several units, by the named rule; units without answers are left out of the arithmetic.

    Pooled takes all respondents together (an agency), mean is the plain mean of the units' indexes (a regency),
    weighted is the mean weighted by n, which equals pooled whenever every unit used the same complete form.
    ``weights`` (people served, one per unit) take the place of the rule; a unit of weight 0 is left out.
    """
    if weights is not None:
        given = zip(units, weights, strict=True)
        pairs = [(unit, weight) for unit, weight in given if unit.index is not None and weight]
        if not pairs:
            return IndexResult(0, (), None, None, None)
        return _average([unit for unit, _ in pairs], [weight for _, weight in pairs])
    filled = [unit for unit in units if unit.index is not None]
    if rule is Compose.POOLED and len({unit.method for unit in filled}) <= 1 and _same_form(filled):
        return _pool(filled)
    if not filled:
        return IndexResult(0, (), None, None, None)
    weights = [1 if rule is Compose.MEAN else unit.n for unit in filled]
    return _average(filled, weights)


def _same_form(units: Sequence[IndexResult]) -> bool:
    return len({frozenset(element.code for element in unit.elements) for unit in units}) <= 1


def _pool(units: Sequence[IndexResult]) -> IndexResult:
    codes = [element.code for element in units[0].elements] if units else []
    rows = {code: [element for unit in units if (element := unit.element(code))] for code in codes}
    totals = {code: sum(row.total for row in found) for code, found in rows.items()}
    counts = {code: sum(row.n for row in found) for code, found in rows.items()}
    method = units[0].method if units else Method()
    return compute(totals, sum(unit.n for unit in units), counts=counts, method=method)


def _average(units: Sequence[IndexResult], weights: Sequence[int]) -> IndexResult:
    pairs = list(zip(units, weights, strict=True))
    whole = sum(weights)
    index = sum((unit.index * weight for unit, weight in pairs if unit.index is not None), Fraction(0)) / whole
    ni = sum((unit.ni * weight for unit, weight in pairs if unit.ni is not None), Fraction(0)) / whole
    codes = dict.fromkeys(element.code for unit in units for element in unit.elements)
    elements = tuple(_average_element(code, pairs) for code in codes)
    # The newest grade table decides when units used different ones; callers list units oldest first.
    method = units[-1].method
    return IndexResult(sum(unit.n for unit in units), elements, ni, index, band_for(index, method.bands), method)


def _average_element(code: str, pairs: Sequence[tuple[IndexResult, int]]) -> ElementResult:
    """Mean over the units that asked this element; total and n stay the whole numbers behind it."""
    found = [(row, weight, unit.method) for unit, weight in pairs if (row := unit.element(code)) and row.n]
    if not found:
        return ElementResult(code, 0, 0, None, None, None, None)
    whole = sum(weight for _, weight, _ in found)
    nrr = sum((row.nrr * weight for row, weight, _ in found if row.nrr is not None), Fraction(0)) / whole
    weighted = sum((row.weighted * weight for row, weight, _ in found if row.weighted is not None), Fraction(0)) / whole
    index = sum((row.index * weight for row, weight, _ in found if row.index is not None), Fraction(0)) / whole
    n, total = sum(row.n for row, _, _ in found), sum(row.total for row, _, _ in found)
    return ElementResult(code, n, total, nrr, weighted, index, band_for(index, found[-1][2].bands))

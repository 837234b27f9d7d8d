"""Whether the elements of a questionnaire measure one thing: Cronbach's alpha and item-total correlation.

Covers: both figures from ``Moments`` of one instrument version, each with a verdict in one word.
Leaves out: the sentence of the verdict (templates) and any decision because of it: an unreliable questionnaire still
has an index, with this beside it.

Limits as agencies print them in the annex of a report: alpha 0.7 (0.6 is often still accepted), a correlation above
the r-table at 5 %. The correlation is with the rest of the form, without the element itself, which would agree with
itself and lift the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from surveys.distributions import critical_correlation
from surveys.statistics import Moments

# Below it a verdict would be chance.
MINIMUM_FORMS = 30
GOOD, FAIR = Fraction(7, 10), Fraction(6, 10)


class Verdict(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    TOO_FEW = "too_few"
    # Everybody answered alike: there is no spread to measure. Neither 0 nor 1.
    NOT_COMPUTABLE = "not_computable"


@dataclass(frozen=True, slots=True)
class Reliability:
    alpha: Fraction | None
    n: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Validity:
    """One element. ``r`` is with the whole form as older reports print it, ``corrected`` with the rest of the form."""

    slot: int
    n: int
    r: float | None
    corrected: float | None
    # The r-table's value for this n; None below three forms.
    critical: float | None
    verdict: Verdict


def alpha_of(moments: Moments) -> Fraction | None:
    """Cronbach's alpha, exact; None with fewer than two elements or forms, or when all totals are equal."""
    whole, elements = moments.total_variance, len(moments.slots)
    if not whole or elements < 2:
        return None
    own = sum((moments.variance(slot) or Fraction(0) for slot in moments.slots), Fraction(0))
    return Fraction(elements, elements - 1) * (1 - own / whole)


def reliability_of(moments: Moments) -> Reliability:
    """Alpha with its verdict; with few forms the figure is given and the verdict is held back."""
    alpha = alpha_of(moments)
    return Reliability(alpha, moments.n, _alpha_verdict(alpha, moments.n))


def _alpha_verdict(alpha: Fraction | None, n: int) -> Verdict:
    if n < MINIMUM_FORMS:
        return Verdict.TOO_FEW
    if alpha is None:
        return Verdict.NOT_COMPUTABLE
    if alpha >= GOOD:
        return Verdict.GOOD
    return Verdict.FAIR if alpha >= FAIR else Verdict.WEAK


def validity_of(moments: Moments, slot: int) -> Validity:
    """Correlation of one element with the form, its critical value and the verdict good or weak."""
    corrected = rest_correlation(moments, slot)
    critical = critical_correlation(moments.n) if moments.n > 2 else None
    verdict = _validity_verdict(corrected, critical, moments.n)
    return Validity(slot, moments.n, total_correlation(moments, slot), corrected, critical, verdict)


def _validity_verdict(corrected: float | None, critical: float | None, n: int) -> Verdict:
    if n < MINIMUM_FORMS or critical is None:
        return Verdict.TOO_FEW
    if corrected is None:
        return Verdict.NOT_COMPUTABLE
    return Verdict.GOOD if corrected > critical else Verdict.WEAK


def total_correlation(moments: Moments, slot: int) -> float | None:
    """Pearson's r of an element with the form's total, the element included."""
    return _correlation(moments.covariance(slot), moments.variance(slot), moments.total_variance)


def rest_correlation(moments: Moments, slot: int) -> float | None:
    """Pearson's r of an element with the sum of the others; None when one of the two never varies."""
    own, shared, whole = moments.variance(slot), moments.covariance(slot), moments.total_variance
    if own is None or shared is None or whole is None:
        return None
    return _correlation(shared - own, own, whole + own - 2 * shared)


def _correlation(shared: Fraction | None, first: Fraction | None, second: Fraction | None) -> float | None:
    if shared is None or not first or not second:
        return None
    # One square root at the very end; rounding may otherwise push a perfect agreement past 1.
    r = sqrt(shared * shared / (first * second))
    return min(1.0, r) if shared >= 0 else max(-1.0, -r)

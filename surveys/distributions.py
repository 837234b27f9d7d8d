"""The three distributions the statistics need: normal, Student's t, and the critical correlation that follows from it.

Covers: two-sided probabilities and critical values. Leaves out: everything that reads an answer.
Floats throughout, good to about ten digits; tested against printed tables.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist

# Of the continued fraction; it settles in a few dozen steps.
STEPS, SETTLED, TINY = 500, 1e-15, 1e-300
# From here on Student's t and the normal curve agree to the second decimal of an index.
NORMAL_FROM = 200


def normal_quantile(level: float) -> float:
    """Half-width in standard errors that holds ``level`` of a normal curve: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def t_two_sided(t: float, df: float) -> float:
    """Probability of a value at least as far from zero as ``t``. Raises ValueError for df <= 0."""
    if df <= 0:
        raise ValueError("Degrees of freedom must be positive.")
    return 0.0 if abs(t) == inf else _beta(df / (df + t * t), df / 2, 0.5)


def t_quantile(level: float, df: float) -> float:
    """Half-width in standard errors that holds ``level`` of Student's t: 2.262 for 0.95 and nine degrees."""
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1.")
    outside, low, high = 1 - level, 0.0, 1.0
    while t_two_sided(high, df) > outside:
        high *= 2
    for _step in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_two_sided(middle, df) > outside else (low, middle)
    return (low + high) / 2


def critical_correlation(n: int, level: float = 0.95) -> float:
    """The r-table: a correlation of ``n`` pairs beyond this is unlikely to be chance. Raises ValueError below n = 3."""
    t = t_quantile(level, n - 2)
    return t / sqrt(n - 2 + t * t)


def half_width(n: int, level: float) -> float:
    """Standard errors to each side of a mean of ``n`` values: t below 200 values, normal from there on."""
    return t_quantile(level, n - 1) if n < NORMAL_FROM else normal_quantile(level)


def _beta(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Its continued fraction, by Lentz's method."""
    c, d = 1.0, _away(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value = d
    for m in range(1, STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < SETTLED:
            break
    return value


def _away(value: float) -> float:
    """Never exactly zero, because it is divided by."""
    return value if abs(value) > TINY else TINY

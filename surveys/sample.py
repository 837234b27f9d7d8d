"""How many respondents a unit needs: the formula of Krejcie and Morgan (1970).

Covers: the sample for a known number of users of a period (the count of the previous period is the usual stand-in).
Leaves out: who is asked, and how a sample spreads over services.

Confidence 95 % (chi-square 3.841), error 5 %, P = 0.5. Rounded to the nearest whole number, which reproduces all ninety
printed pairs; rounding up differs in half of them.
"""

from __future__ import annotations

from fractions import Fraction

from surveys.index import half_up

CHI_SQUARE = Fraction(3841, 1000)
ERROR = Fraction(5, 100)
SHARE = Fraction(1, 2)


def sample_size(population: int) -> int:
    """Respondents needed for ``population`` users; never more than there are. Raises ValueError below zero."""
    if population < 0:
        raise ValueError("A population cannot be negative.")
    if population == 0:
        return 0
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    exact = spread * population / (ERROR**2 * (population - 1) + spread)
    return min(population, int(half_up(exact, 0)))

"""How well two people who typed the same sheets agree.

Covers: percent agreement and Cohen's kappa (1960) for one field, and for several fields together. An empty field is a
value like any other: to overlook an answer is a mistake too.
Leaves out: which sheets are typed twice, and who decides where the two differ.

Kappa sets agreement beside what two typists would reach by chance: 1 is perfect, 0 no better than chance. It cannot be
computed when both gave one and the same value everywhere, because then chance alone agrees completely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``compared`` pairs, of which ``agreed`` are equal; ``kappa`` is None where it cannot be computed."""

    compared: int
    agreed: int
    kappa: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """0..1, or None when nothing was compared."""
        return Fraction(self.agreed, self.compared) if self.compared else None


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Of one field: the two values per sheet."""
    rows = list(pairs)
    agreed = sum(first == second for first, second in rows)
    return Agreement(len(rows), agreed, _kappa(rows, agreed))


def _kappa(rows: Sequence[Pair], agreed: int) -> Fraction | None:
    n = len(rows)
    firsts, seconds = Counter(first for first, _ in rows), Counter(second for _, second in rows)
    by_chance = sum(count * seconds[value] for value, count in firsts.items())
    if by_chance == n * n:
        return None
    # (po - pe) / (1 - pe) with po = agreed / n and pe = by_chance / n²; whole numbers until the last step.
    return Fraction(agreed * n - by_chance, n * n - by_chance)


def pooled(fields: Mapping[str, Sequence[Pair]]) -> Agreement:
    """Of several fields together. A value counts per field, so that 4 on one question never agrees with 4 on another
    by chance; the chance of each field is weighted by its pairs."""
    compared = agreed = 0
    by_chance = Fraction(0)
    for pairs in fields.values():
        if not pairs:
            continue
        n = len(pairs)
        firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
        compared, agreed = compared + n, agreed + sum(first == second for first, second in pairs)
        by_chance += Fraction(sum(count * seconds[value] for value, count in firsts.items()), n)
    if not compared or by_chance == compared:
        return Agreement(compared, agreed, None)
    return Agreement(compared, agreed, (agreed - by_chance) / (compared - by_chance))

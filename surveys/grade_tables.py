"""Checking a grade table: it covers the range, leaves no real gap and does not overlap.

An index is rounded to two decimals before it is graded, so a step of 0.01 between two grades (76.60 / 76.61) is no gap:
nothing can fall into it. A wider one would leave an index without a grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import pairwise

STEP = Decimal("0.01")
TOP = Decimal("100.00")


class Fault(StrEnum):
    EMPTY = "empty"
    SAME_GRADE = "same_grade"
    UPSIDE_DOWN = "upside_down"
    OVERLAP = "overlap"
    GAP = "gap"
    BOTTOM = "bottom"
    ABOVE_TOP = "above_top"
    BELOW_TOP = "below_top"


@dataclass(frozen=True, slots=True)
class Row:
    """One grade with its printed bounds, both included."""

    grade: str
    lower: Decimal
    upper: Decimal


def lowest_index(scale_max: int) -> Decimal:
    """What a survey of nothing but ones gives, to two decimals: 25.00 on a scale of four, 16.66 on one of six."""
    return (Decimal(100) / scale_max).quantize(STEP, rounding=ROUND_FLOOR)


def table_faults(rows: Sequence[Row], scale_max: int) -> list[tuple[int | None, Fault]]:
    """Place of the row (None: the whole table) and what is wrong there; empty when the table is sound."""
    if not rows:
        return [(None, Fault.EMPTY)]
    places = sorted(range(len(rows)), key=lambda place: rows[place].lower)
    faults = [(place, Fault.UPSIDE_DOWN) for place in places if rows[place].upper < rows[place].lower]
    faults += _repeated(rows)
    for below, above in pairwise(places):
        faults += _between(rows, below, above)
    return [*faults, *_edges(rows, places, scale_max)]


def _repeated(rows: Sequence[Row]) -> list[tuple[int | None, Fault]]:
    grades = [row.grade for row in rows]
    return [(place, Fault.SAME_GRADE) for place, grade in enumerate(grades) if grade in grades[:place]]


def _between(rows: Sequence[Row], below: int, above: int) -> list[tuple[int | None, Fault]]:
    distance = rows[above].lower - rows[below].upper
    if distance <= 0:
        return [(above, Fault.OVERLAP)]
    return [(above, Fault.GAP)] if distance > STEP else []


def _edges(rows: Sequence[Row], places: Sequence[int], scale_max: int) -> list[tuple[int | None, Fault]]:
    faults: list[tuple[int | None, Fault]] = []
    lowest, highest = rows[places[0]], max(rows, key=lambda row: row.upper)
    if lowest.lower > lowest_index(scale_max):
        faults.append((places[0], Fault.BOTTOM))
    if highest.upper != TOP:
        faults.append((rows.index(highest), Fault.ABOVE_TOP if highest.upper > TOP else Fault.BELOW_TOP))
    return faults


def with_uppers(lowers: Sequence[tuple[str, Decimal]]) -> list[Row]:
    """Printed bounds of a stored table, which keeps lower bounds only; best grade first."""
    ordered = sorted(lowers, key=lambda pair: pair[1], reverse=True)
    uppers = [TOP, *(lower - STEP for _, lower in ordered)]
    return [Row(grade, lower, upper) for (grade, lower), upper in zip(ordered, uppers, strict=False)]

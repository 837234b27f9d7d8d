"""Which column holds the scores of which element.

An element keeps its column (slot) in every version of its instrument, so that stored tallies of two versions can be
laid side by side. Elements of different versions may share a column; elements of one version never do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST = 14


class SlotConflict(ValueError):
    """Two elements of one version have the same column in earlier versions; ``codes`` names them."""

    def __init__(self, codes: Sequence[str]):
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


def slots_for(codes: Sequence[str], known: Mapping[str, int], most: int = MOST) -> dict[str, int]:
    """Slot by code: the ``known`` one of the family, else a column nobody used, else one free in this version.

    Raises SlotConflict for two codes bound to one column, ValueError for more elements than columns.
    """
    if len(codes) > most:
        raise ValueError(f"An instrument has at most {most} elements.")
    slots = {code: known[code] for code in codes if code in known}
    _check(slots)
    unused = [slot for slot in range(1, most + 1) if slot not in known.values()]
    shared = [slot for slot in range(1, most + 1) if slot in known.values() and slot not in slots.values()]
    free = iter([*unused, *shared])
    return {code: slots[code] if code in slots else next(free) for code in codes}


def _check(slots: Mapping[str, int]) -> None:
    holders: dict[int, list[str]] = {}
    for code, slot in slots.items():
        holders.setdefault(slot, []).append(code)
    double = [code for codes in holders.values() if len(codes) > 1 for code in codes]
    if double:
        raise SlotConflict(double)

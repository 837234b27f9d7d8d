"""Numbers of the elements in a report.

The regulation lists 8 = complaint handling and 9 = facilities, its questionnaire asks 8 = facilities and 9 = complaint
handling; both orders are published. Everything is keyed by code, and each report says which numbers it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar


class Numbering(StrEnum):
    REGULATION = "regulation"
    QUESTIONNAIRE = "questionnaire"


class Numbered(Protocol):
    """An element as ``surveys.models.Element`` has it."""

    list_order: int
    questionnaire_order: int


class Line(Protocol):
    @property
    def element(self) -> Numbered: ...


L = TypeVar("L", bound=Line)


def number_of(element: Numbered, numbering: Numbering) -> int:
    return element.list_order if numbering is Numbering.REGULATION else element.questionnaire_order


def numbered(lines: Iterable[L], numbering: Numbering) -> list[tuple[int, L]]:
    """Lines of a figure with their numbers, in the order of these numbers."""
    return sorted(((number_of(line.element, numbering), line) for line in lines), key=lambda pair: pair[0])

"""Geometry of the charts: numbers in, coordinates out. The drawing is a template, the colours are classes.

Covers: bars of one figure each, and a line over periods with gaps and breaks.
Leaves out: which figures are shown and their words. Coordinates are text with a decimal point, so that no locale
turns it into a comma.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

FULL = 100
# A phone's width: text of 12 to 14 units is read at its size.
WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 26, 30
LOWEST, HIGHEST = 25, 100
# More labels than this would run into each other.
LABELS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One period: ``index`` is None where there is nothing to show, ``breaks`` cuts the line before it."""

    label: str
    index: Fraction | None
    grade: str = ""
    printed: str = ""
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    label: str
    grade: str
    printed: str
    # Whether label and value are written; every dot still has its row in the table.
    is_named: bool
    value_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class GridLine:
    y: str
    text_y: str
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """``paths`` are the unbroken pieces of the line, ``breaks`` the x where the instrument changed."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    breaks: tuple[str, ...]
    grid: tuple[GridLine, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM
    label_y: int = HEIGHT - 10


def bar_width(index: Fraction | None) -> str:
    """Length of a bar on 0..100: bars start at zero, or their lengths would lie."""
    share = max(Fraction(0), min(Fraction(FULL), index or Fraction(0)))
    return _number(share)


def trend(points: Sequence[Point], bounds: Iterable[int | Fraction] = (25, 50, 75, 100)) -> Trend:
    """Dots for periods with a figure, joined where neighbours can be compared."""
    places = [(_x(place, len(points)), point) for place, point in enumerate(points)]
    named = _named(len(points))
    dots = tuple(
        _dot(x, point, place in named, _anchor(place, len(points)))
        for place, (x, point) in enumerate(places)
        if point.index is not None
    )
    breaks = tuple(_number(x) for x, point in places[1:] if point.breaks)
    grid = tuple(GridLine(_number(_y(bound)), _number(_y(bound) + 4), str(bound)) for bound in bounds)
    return Trend(dots, tuple(_paths(places)), breaks, grid)


def _paths(places: Sequence[tuple[Fraction, Point]]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for x, point in places:
        if point.index is None or point.breaks:
            pieces.append([])
        if point.index is not None:
            pieces[-1].append(f"{_number(x)} {_number(_y(point.index))}")
    return ["M" + " ".join(piece) for piece in pieces if len(piece) > 1]


def _dot(x: Fraction, point: Point, is_named: bool, anchor: str) -> Dot:
    y = _y(point.index or Fraction(0))
    return Dot(_number(x), _number(y), point.label, point.grade, point.printed, is_named, _number(y - 10), anchor)


def _named(count: int) -> set[int]:
    """Places whose label is written: all of a few, else evenly thinned, the newest always."""
    step = -(-count // LABELS)
    return {place for place in range(count) if (count - 1 - place) % step == 0} if count else set()


def _anchor(place: int, count: int) -> str:
    """The outermost labels stay inside the drawing."""
    if count > 1 and place == count - 1:
        return "end"
    return "middle" if place or count == 1 else "start"


def _x(place: int, count: int) -> Fraction:
    """A single period stands in the middle."""
    left, right = Fraction(LEFT + 10), Fraction(WIDTH - RIGHT - 6)
    return (left + right) / 2 if count == 1 else left + (right - left) * place / (count - 1)


def _y(index: Fraction | int) -> Fraction:
    """The lowest possible index stands on the base line, the highest at the top."""
    share = (Fraction(index) - LOWEST) / (HIGHEST - LOWEST)
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * max(Fraction(0), min(Fraction(1), share))


def _number(value: Fraction | int) -> str:
    """At most two decimals, no trailing zeros."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")

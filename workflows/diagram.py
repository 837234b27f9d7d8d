"""The machine as a picture: SVG shapes for the admin and Mermaid text for the documents, both from the table.

Covers where boxes and arrows stand. Leaves out colours and words of the page: classes and templates have those.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import hypot
from typing import NamedTuple

from workflows.moves import ASKING, EDGE, STATE, Move
from workflows.states import Status

BOX, GAP, MARGIN = (150, 54), (70, 66), 12
SIZE = (5 * BOX[0] + 4 * GAP[0] + 2 * MARGIN, 3 * BOX[1] + 2 * GAP[1] + 2 * MARGIN)


class Box(NamedTuple):
    status: Status
    x: int
    y: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + BOX[0] / 2, self.y + BOX[1] / 2

    @property
    def centre(self) -> str:
        """For an attribute: never with a decimal comma."""
        return f"{self.x + BOX[0] / 2:.0f}"


class Arrow(NamedTuple):
    """All moves from one state to another, as one curved line."""

    source: Status
    target: Status
    names: tuple[str, ...]
    path: str


def boxes() -> dict[Status, Box]:
    return {
        status: Box(status, MARGIN + column * (BOX[0] + GAP[0]), MARGIN + row * (BOX[1] + GAP[1]))
        for status, (column, row) in ((state.status, state.place) for state in STATE.values())
    }


def arrows() -> list[Arrow]:
    """One arrow per pair of states; the way back is bent to the other side."""
    places = boxes()
    pairs: dict[tuple[Status, Status], list[str]] = defaultdict(list)
    for source, target, row in lines():
        pairs[source, target].append(row.name)
    return [
        Arrow(source, target, tuple(names), _curve(places[source], places[target]))
        for (source, target), names in pairs.items()
    ]


def lines() -> Iterator[tuple[Status, Status, Move]]:
    """Source, target and row of every move; an answer leads back to each state that may ask."""
    for key, row in EDGE.items():
        source = Status(key.partition(":")[2])
        for target in [row.target] if row.target else ASKING:
            yield source, target, row


def _curve(start: Box, end: Box) -> str:
    (x1, y1), (x2, y2) = _edge_point(start, end.middle), _edge_point(end, start.middle)
    dx, dy = x2 - x1, y2 - y1
    length = hypot(dx, dy) or 1
    bend = 14 + length / 12
    cx, cy = (x1 + x2) / 2 - dy / length * bend, (y1 + y2) / 2 + dx / length * bend
    return f"M{x1:.0f} {y1:.0f} Q{cx:.0f} {cy:.0f} {x2:.0f} {y2:.0f}"


def _edge_point(box: Box, towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from the middle of the box leaves it."""
    x, y = box.middle
    dx, dy = towards[0] - x, towards[1] - y
    reach = max(abs(dx) / (BOX[0] / 2 + 3), abs(dy) / (BOX[1] / 2 + 3)) or 1
    return x + dx / reach, y + dy / reach


def mermaid() -> str:
    """The graph as a Mermaid state diagram, moves between the same two states on one line."""
    found = ["stateDiagram-v2", "    direction LR", "    [*] --> received: filed"]
    found += [f"    {arrow.source} --> {arrow.target}: {', '.join(arrow.names)}" for arrow in arrows()]
    return "\n".join(found)

"""Small numbers: what a table may show so that nobody can be singled out, and what has to be hidden to keep it so.

Covers: no mean or rate below ten answers, no count from one to four, and complementary suppression: in a table with
totals a hidden cell must not come back by subtraction. Also the fixed lattice of filters.
Leaves out: the words that stand in place of a hidden figure, and microdata.

How it is kept: everything printed is taken as a set of equations (each row and column adds up to its total, nothing is
below zero). For every small cell the smallest and largest value that fits all of them must lie at least ``minimum``
apart. Where they do not, the cheapest other cells that loosen it are hidden as well. Hidden small and hidden larger
cells look the same. The range is exact: the equations form a network, and a cell's range is a maximum flow in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from surveys.index import MINIMUM_ANSWERS

MINIMUM_COUNT = 5
TOTAL = "total"
# Filters of published figures. At most one of them at a time: crossing them would cut out single people, and
# differences between arbitrary filters would do the same.
LATTICE = frozenset({"channel", "visit", "quality", "sex", "age_band", "education", "occupation"})

Cell = tuple[Hashable, Hashable]
Node = tuple[str, Hashable]


@dataclass(frozen=True, slots=True)
class _Edge:
    """One printed number between the two lines it adds up in. A total counts against its line, hence the sign."""

    cell: Cell
    row: Node
    column: Node
    value: int
    is_total: bool

    def room(self, *, forward: bool) -> int | None:
        """How far its signed value can rise (forward) or fall before the number is below zero; None: no limit."""
        return self.value if forward == self.is_total else None


def may_show_mean(n: int) -> bool:
    """Whether an index, mean or share of ``n`` answers may be shown."""
    return n >= MINIMUM_ANSWERS


def may_show_count(n: int) -> bool:
    """Nobody, or at least five."""
    return n == 0 or n >= MINIMUM_COUNT


def on_lattice(filters: Collection[str]) -> bool:
    """Whether figures may be filtered by these dimensions together."""
    return len(filters) <= 1 and set(filters) <= LATTICE


def hidden_in_list(counts: Mapping[Any, int], *, minimum: int = MINIMUM_COUNT) -> frozenset[Any]:
    """Keys to hide of counts printed with their total; ``TOTAL`` is among them when the total is small itself."""
    row, column = ("row", "list"), ("column", "list")
    edges = [_Edge((key, TOTAL), row, column, value, False) for key, value in counts.items()]
    edges.append(_Edge((TOTAL, TOTAL), row, column, sum(counts.values()), True))
    return frozenset(key for key, _total in _hidden(edges, minimum))


def hidden_in_table(rows: Mapping[Any, Mapping[Any, int]], *, minimum: int = MINIMUM_COUNT) -> frozenset[Cell]:
    """Cells (row, column) to hide of a table printed with all its totals, which are named ``TOTAL``.

    Means over the same table: ask with ``minimum=MINIMUM_ANSWERS`` and show a mean only where its cell is not hidden;
    whatever can then be derived covers enough answers.
    """
    return frozenset(_hidden(_network(rows), minimum))


def possible_range(
    rows: Mapping[Any, Mapping[Any, int]], hidden: Collection[Cell], cell: Cell
) -> tuple[int, int | None]:
    """Smallest and largest value of a hidden cell that fits everything else printed; None without an upper limit."""
    edges = _network(rows)
    return _range(next(edge for edge in edges if edge.cell == cell), edges, set(hidden))


def _network(rows: Mapping[Any, Mapping[Any, int]]) -> list[_Edge]:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    sums = {column: sum(row.get(column, 0) for row in rows.values()) for column in columns}
    lines = {**rows, TOTAL: sums}
    edges = []
    for name, row in lines.items():
        for column in (*columns, TOTAL):
            value = sum(row.values()) if column == TOTAL else row.get(column, 0)
            # The grand total is a total of totals: it counts like an inner cell again.
            is_total = (name == TOTAL) != (column == TOTAL)
            edges.append(_Edge((name, column), ("row", name), ("column", column), value, is_total))
    return edges


def _hidden(edges: Sequence[_Edge], minimum: int) -> set[Cell]:
    small = sorted((edge for edge in edges if 0 < edge.value < minimum), key=lambda edge: edge.value)
    hidden = {edge.cell for edge in small}
    for edge in small:
        if not _is_safe(edge, edges, hidden, minimum):
            hidden |= set(_detour(edge, edges, hidden, minimum))
    return hidden


def _is_safe(own: _Edge, edges: Sequence[_Edge], hidden: set[Cell], minimum: int) -> bool:
    low, high = _range(own, edges, hidden)
    return high is None or high - low >= minimum


def _range(own: _Edge, edges: Sequence[_Edge], hidden: set[Cell]) -> tuple[int, int | None]:
    others = [edge for edge in edges if edge.cell in hidden and edge is not own]
    # What rises in this cell has to flow back from its column to its row.
    rise, fall = _flow(others, own.column, own.row), _flow(others, own.row, own.column)
    if own.is_total:
        rise, fall = fall, rise
    low = 0 if fall is None else max(0, own.value - fall)
    return low, None if rise is None else own.value + rise


def _arcs(edges: Sequence[_Edge]) -> Iterator[tuple[_Edge, Node, Node, int | None]]:
    """Both directions of every cell with the room it has there."""
    for edge in edges:
        yield edge, edge.row, edge.column, edge.room(forward=True)
        yield edge, edge.column, edge.row, edge.room(forward=False)


def _flow(edges: Sequence[_Edge], start: Node, end: Node) -> int | None:
    """Largest flow from ``start`` to ``end`` (Edmonds and Karp); None when it has no limit."""
    no_limit = 1 + sum(edge.value for edge in edges)
    room: dict[Node, dict[Node, int]] = {start: {}, end: {}}
    for _edge, tail, head, free in _arcs(edges):
        ahead = room.setdefault(tail, {})
        ahead[head] = ahead.get(head, 0) + (no_limit if free is None else free)
    flow = 0
    while flow < no_limit and (path := _open_path(room, start, end)):
        step = min(room[tail][head] for tail, head in path)
        for tail, head in path:
            room[tail][head] -= step
            room[head][tail] = room[head].get(tail, 0) + step
        flow += step
    return None if flow >= no_limit else flow


def _open_path(room: Mapping[Node, Mapping[Node, int]], start: Node, end: Node) -> list[tuple[Node, Node]]:
    came_from: dict[Node, Node] = {}
    queue = deque([start])
    while queue and end not in came_from:
        here = queue.popleft()
        for head, free in room[here].items():
            if free > 0 and head != start and head not in came_from:
                came_from[head] = here
                queue.append(head)
    path, node = [], end
    while node in came_from:
        path.append((came_from[node], node))
        node = came_from[node]
    return path


def _detour(own: _Edge, edges: Sequence[_Edge], hidden: set[Cell], minimum: int) -> list[Cell]:
    """Cells to hide so that this one may be at least ``minimum`` larger: few answers first, totals last.

    There always is a way: over the totals, which have no upper limit.
    """
    totals_last = 1 + sum(edge.value + 1 for edge in edges)
    start, end = (own.row, own.column) if own.is_total else (own.column, own.row)
    arcs: dict[Node, list[tuple[Node, int, Cell]]] = {}
    for edge, tail, head, free in _arcs([edge for edge in edges if edge is not own]):
        if free is None or free >= minimum:
            is_sum = TOTAL in edge.cell
            price = 0 if edge.cell in hidden else edge.value + 1 + totals_last * is_sum
            arcs.setdefault(tail, []).append((head, price, edge.cell))
    return _cheapest(arcs, start, end)


def _cheapest(arcs: Mapping[Node, Sequence[tuple[Node, int, Cell]]], start: Node, end: Node) -> list[Cell]:
    """Dijkstra's shortest path, as the cells it passes."""
    order = 0
    queue: list[tuple[int, int, Node, tuple[Cell, ...]]] = [(0, order, start, ())]
    seen: set[Node] = set()
    while queue:
        paid, _order, here, cells = heappop(queue)
        if here == end:
            return list(cells)
        if here in seen:
            continue
        seen.add(here)
        for head, price, cell in arcs.get(here, ()):
            order += 1
            heappush(queue, (paid + price, order, head, (*cells, cell)))
    return []

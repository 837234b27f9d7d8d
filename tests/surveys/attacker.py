"""Somebody with a pencil: bounds of a hidden number from everything printed, by an exact simplex over fractions.

Shares nothing with the network flow of surveys/suppression.py.
"""

from fractions import Fraction


def equations(rows, totals="total"):
    """Every line of a table that adds up, as ({cell: factor}, 0); the table has at least one column."""
    columns = list(next(iter(rows.values())))
    names = [*rows, totals]
    lines = [{(row, column): 1 for column in columns} | {(row, totals): -1} for row in names]
    lines += [{(row, column): 1 for row in rows} | {(totals, column): -1} for column in (*columns, totals)]
    return lines


def values_of(rows, totals="total"):
    """Every printed number, totals included."""
    columns = list(next(iter(rows.values())))
    cells = {(row, column): rows[row][column] for row in rows for column in columns}
    cells |= {(row, totals): sum(rows[row].values()) for row in rows}
    cells |= {(totals, column): sum(rows[row][column] for row in rows) for column in columns}
    cells[totals, totals] = sum(sum(row.values()) for row in rows.values())
    return cells


def bounds(lines, cells, hidden, target):
    """Least and largest value of ``target`` over all non-negative tables with the same printed cells; None: endless."""
    unknown = sorted(hidden, key=str)
    matrix, right = [], []
    for line in lines:
        row = [Fraction(line.get(cell, 0)) for cell in unknown]
        if any(row):
            matrix.append(row)
            right.append(-sum(Fraction(factor) * cells[cell] for cell, factor in line.items() if cell not in hidden))
    goal = [Fraction(cell == target) for cell in unknown]
    start = [Fraction(cells[cell]) for cell in unknown]
    assert [sum(a * x for a, x in zip(row, start, strict=True)) for row in matrix] == right
    highest = _maximum(matrix, right, goal)
    lowest = _maximum(matrix, right, [-one for one in goal])
    return -lowest, highest


def _maximum(matrix, right, goal):
    """Two-phase simplex with Bland's rule; None when endless."""
    rows, width = len(matrix), len(goal)
    signs = [-1 if value < 0 else 1 for value in right]
    table = [
        [sign * one for one in row] + [Fraction(place == other) for other in range(rows)] + [sign * value]
        for place, (row, value, sign) in enumerate(zip(matrix, right, signs, strict=True))
    ]
    basis = [width + place for place in range(rows)]
    if rows:
        _solve(table, basis, [Fraction(0)] * width + [Fraction(-1)] * rows)
        assert all(table[place][-1] == 0 for place in range(rows) if basis[place] >= width), "the true table fits"
        for place in range(rows):
            if basis[place] >= width:
                entering = next((column for column in range(width) if table[place][column]), None)
                if entering is not None:
                    _pivot(table, basis, place, entering)
    kept = [place for place in range(rows) if basis[place] < width]
    table = [table[place][:width] + table[place][-1:] for place in kept]
    basis = [basis[place] for place in kept]
    return _solve(table, basis, list(goal))


def _solve(table, basis, goal):
    while True:
        reduced = [
            goal[column] - sum(goal[basis[place]] * row[column] for place, row in enumerate(table))
            for column in range(len(goal))
        ]
        entering = next((column for column, gain in enumerate(reduced) if gain > 0), None)
        if entering is None:
            return sum((goal[basis[place]] * row[-1] for place, row in enumerate(table)), Fraction(0))
        leaving = [
            (row[-1] / row[entering], basis[place], place) for place, row in enumerate(table) if row[entering] > 0
        ]
        if not leaving:
            return None
        _pivot(table, basis, min(leaving)[2], entering)


def _pivot(table, basis, place, entering):
    pivot = table[place][entering]
    table[place] = [one / pivot for one in table[place]]
    for other, row in enumerate(table):
        if other != place and row[entering]:
            factor = row[entering]
            table[other] = [one - factor * mine for one, mine in zip(row, table[place], strict=True)]
    basis[place] = entering

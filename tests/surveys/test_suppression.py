"""What a table hides, against somebody who adds up everything printed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.suppression import (
    MINIMUM_COUNT,
    TOTAL,
    hidden_in_list,
    hidden_in_table,
    may_show_count,
    may_show_mean,
    on_lattice,
    possible_range,
)
from tests.surveys.attacker import bounds, equations, values_of

numbers = st.one_of(st.integers(0, 6), st.integers(0, 40))
tables = (
    st.integers(1, 4)
    .flatmap(lambda width: st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=4))
    .map(lambda rows: {f"r{i}": {f"c{j}": value for j, value in enumerate(row)} for i, row in enumerate(rows)})
)
lists = st.dictionaries(st.sampled_from("abcdef"), numbers, min_size=1)


@pytest.mark.parametrize(("n", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_counts_from_one_to_four_are_hidden(n, shown):
    assert may_show_count(n) is shown


@pytest.mark.parametrize(("n", "shown"), [(0, False), (9, False), (10, True)])
def test_means_below_ten_answers_are_hidden(n, shown):
    assert may_show_mean(n) is shown


def test_filters_are_taken_one_at_a_time():
    assert on_lattice([])
    assert on_lattice(["sex"])
    assert not on_lattice(["sex", "education"])
    assert not on_lattice(["postcode"])


def test_a_table_without_small_numbers_hides_nothing():
    assert hidden_in_table({"a": {"x": 5, "y": 9}, "b": {"x": 0, "y": 70}}) == frozenset()


def test_a_single_small_number_takes_a_second_one_with_it():
    hidden = hidden_in_list({"male": 40, "female": 3, "unknown": 0})
    assert hidden == {"female", "male"}


def test_two_small_numbers_whose_sum_is_small_take_a_third():
    """Three answers in two hidden groups would still say that each has at most three."""
    assert hidden_in_list({"a": 2, "b": 1, "c": 20}) == {"a", "b", "c"}


def test_a_small_total_is_hidden_with_everything_below_it():
    assert TOTAL in hidden_in_list({"a": 2, "b": 1})


def test_a_small_cell_inside_a_table_hides_a_square_of_cells():
    rows = {"a": {"x": 3, "y": 30}, "b": {"x": 20, "y": 12}, "c": {"x": 50, "y": 60}}
    assert hidden_in_table(rows) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert possible_range(rows, hidden_in_table(rows), ("a", "x")) == (0, 23)


@settings(max_examples=60)
@given(tables)
def test_no_small_number_of_a_table_can_be_worked_out(rows):
    hidden, cells = hidden_in_table(rows), values_of(rows)
    for cell, value in cells.items():
        assert may_show_count(value) or cell in hidden
        if cell in hidden and 0 < value < MINIMUM_COUNT:
            low, high = bounds(equations(rows), cells, hidden, cell)
            assert high is None or high - low >= MINIMUM_COUNT


@settings(max_examples=30)
@given(tables)
def test_the_range_that_is_guarded_is_the_true_one(rows):
    hidden, cells = hidden_in_table(rows), values_of(rows)
    for cell in hidden:
        assert possible_range(rows, hidden, cell) == bounds(equations(rows), cells, hidden, cell)


@given(lists)
def test_no_small_number_of_a_list_can_be_worked_out(counts):
    hidden = hidden_in_list(counts)
    cells = {**counts, TOTAL: sum(counts.values())}
    line = dict.fromkeys(counts, 1) | {TOTAL: -1}
    for key, value in cells.items():
        assert may_show_count(value) or key in hidden
        if 0 < value < MINIMUM_COUNT:
            low, high = bounds([line], cells, hidden, key)
            assert high is None or high - low >= MINIMUM_COUNT


@given(tables)
def test_hidden_means_leave_only_sums_over_enough_answers(rows):
    """Asked with ten: what the hidden cells of a line have in common covers ten answers or nothing."""
    hidden, cells = hidden_in_table(rows, minimum=10), values_of(rows)
    for line in equations(rows):
        inner = [cell for cell in line if cell in hidden]
        if len(inner) == 1:
            assert not 0 < cells[inner[0]] < 10

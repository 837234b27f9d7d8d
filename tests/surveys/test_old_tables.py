"""Old printed tables: the rule that gives them, or none."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.index import Method, RoundingRule, WeightRule, compute, half_up
from surveys.oldtables import PrintedTable, read_table, tolerance_of

EXPECTED = json.loads((Path(__file__).parents[1] / "data" / "skm_expected.json").read_text(encoding="utf-8"))
YEARS = EXPECTED["office"]["by_year"]


def table(totals, n, *, places=3, index=None, ni=None, **kwargs):
    means = tuple(half_up(Fraction(total, n), places) for total in totals)
    return PrintedTable(means, ni and Decimal(ni), index and Decimal(index), **kwargs)


WORKED = ([9, 10, 10, 12, 10, 10, 10, 9, 11], 3)


@pytest.mark.parametrize(
    ("printed", "places", "weight", "rounding"),
    [
        ("84.26", 3, WeightRule.EXACT, RoundingRule.PRINT),
        ("84.18", 3, WeightRule.LITERAL_0111, RoundingRule.PRINT),
        ("83.42", 3, WeightRule.LITERAL_011, RoundingRule.PRINT),
        ("84.22", 2, WeightRule.EXACT, RoundingRule.NRR_2),
    ],
)
def test_the_worked_example_names_the_rule_behind_each_printed_index(printed, places, weight, rounding):
    best = read_table(table(*WORKED, places=places, index=printed)).best
    assert (best.weight, best.rounding) == (weight, rounding)


@pytest.mark.parametrize(
    ("printed", "weight"),
    [("100.00", WeightRule.EXACT), ("99.90", WeightRule.LITERAL_0111), ("99.00", WeightRule.LITERAL_011)],
)
def test_a_perfect_survey_tells_the_weights_apart(printed, weight):
    reading = read_table(PrintedTable((Decimal("4.000"),) * 9, index=Decimal(printed)))
    assert reading.best.weight is weight


def test_where_two_rules_give_the_same_index_both_are_named():
    """99.99 from means of 4.000: weights of 0.1111, or exact ninths of more than two thousand forms."""
    reading = read_table(PrintedTable((Decimal("4.000"),) * 9, index=Decimal("99.99")))
    assert set(reading.weights) == {WeightRule.EXACT, WeightRule.LITERAL_01111}


@pytest.mark.parametrize("year", sorted(YEARS))
def test_the_office_computed_with_exact_ninths_in_every_year(year):
    """The years of the licensing office as published with the file, means to three decimals."""
    row = YEARS[year]
    reading = read_table(table(row["totals"], row["n"], index=row["ikm"]))
    assert (reading.best.weight, reading.best.rounding) == (WeightRule.EXACT, RoundingRule.PRINT)
    assert reading.best.distance <= Decimal("0.01")


def test_fourteen_elements_are_told_by_0_071():
    """All threes: 75.00 with 1/14, 74.55 with 0.071 taken literally."""
    means = (Decimal("3.000"),) * 14
    assert read_table(PrintedTable(means, index=Decimal("74.55"))).best.weight is WeightRule.LITERAL_0071
    assert read_table(PrintedTable(means, index=Decimal("75.00"))).best.weight is WeightRule.EXACT


def test_an_index_no_rule_gives_is_said_so():
    reading = read_table(table(*WORKED, index="87.00"))
    assert (reading.best, reading.fitting) == (None, ())


def test_a_table_that_contradicts_itself_is_noticed_and_not_corrected():
    reading = read_table(table(*WORKED, ni="3.370", index="86.00"))
    assert (reading.contradicts, reading.best) == (True, None)
    assert not read_table(table(*WORKED, ni="3.370", index="84.26")).contradicts


def test_only_the_sum_of_weighted_means_may_be_printed():
    assert read_table(table(*WORKED, ni="3.370")).best.weight is WeightRule.EXACT
    assert read_table(table(*WORKED, ni="3.367")).best.weight is WeightRule.LITERAL_0111


@pytest.mark.parametrize(("places", "tolerance"), [(2, "0.125"), (3, "0.0125")])
def test_the_tolerance_is_half_a_unit_of_the_last_decimal_times_25(places, tolerance):
    assert tolerance_of(table(*WORKED, places=places, index="84.26")) == Decimal(tolerance)


@pytest.mark.parametrize("means", [(), (Decimal("4.2"),), (Decimal("0.9"),)])
def test_impossible_means_are_refused(means):
    with pytest.raises(ValueError):
        read_table(PrintedTable(means, index=Decimal("80.00")))


def test_means_without_any_figure_cannot_be_read():
    with pytest.raises(ValueError):
        read_table(PrintedTable((Decimal("3.0"),)))


@given(
    st.integers(1, 400).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.integers(n, 4 * n), min_size=9, max_size=9))
    ),
    st.sampled_from([2, 3]),
    st.sampled_from([WeightRule.EXACT, WeightRule.LITERAL_0111, WeightRule.LITERAL_011, WeightRule.LITERAL_01111]),
    st.sampled_from([RoundingRule.PRINT, RoundingRule.NI_3]),
)
def test_whatever_rule_made_a_table_is_among_those_that_fit(row, places, weight, rounding):
    n, totals = row
    made = compute(dict(zip("abcdefghi", totals, strict=True)), n, method=Method(weight=weight, rounding=rounding))
    reading = read_table(table(totals, n, places=places, index=str(made.printed)))
    assert (weight, rounding) in {(found.weight, found.rounding) for found in reading.fitting}

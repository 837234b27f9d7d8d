"""The arithmetic of the index against the published tables of PermenPANRB 14/2017."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.index import (
    Compose,
    Method,
    RoundingRule,
    WeightRule,
    band_for,
    bands_from,
    compose,
    compute,
    half_up,
)

CODES = tuple("abcdefghi")


def spread(total, elements=9):
    """A sum of scores dealt to the elements as evenly as whole numbers allow."""
    share, rest = divmod(total, elements)
    return {code: share + (place < rest) for place, code in enumerate(CODES[:elements])}


def index_of(n, total, **kwargs):
    return compute(spread(total), n, **kwargs)


@pytest.mark.parametrize(
    ("n", "total", "printed", "grade"),
    [
        (1, 9, "25.00", "D"),
        (1, 36, "100.00", "A"),
        (5, 117, "65.00", "C"),
        (5000, 116991, "65.00", "C"),
        (5000, 137889, "76.61", "B"),
        (5000, 158949, "88.31", "A"),
        (3, 91, "84.26", "B"),
    ],
)
def test_totals_give_the_printed_index_and_grade(n, total, printed, grade):
    result = index_of(n, total)
    assert (str(result.printed), result.band.grade) == (printed, grade)


@pytest.mark.parametrize(
    ("exact", "grade"),
    [("64.994", "D"), ("64.995", "C"), ("76.604", "C"), ("76.605", "B"), ("88.304", "B"), ("88.305", "A"), ("25", "D")],
)
def test_the_grade_is_that_of_the_index_rounded_to_two_decimals(exact, grade):
    assert band_for(Fraction(exact)).grade == grade


def test_the_worked_example_prints_every_column():
    totals = dict(zip(CODES, [9, 10, 10, 12, 10, 10, 10, 9, 11], strict=True))
    result = compute(totals, 3)
    assert result.total == 91
    assert result.index == Fraction(25 * 91, 27)
    assert str(half_up(result.element("b").nrr, 3)) == "3.333"
    assert str(half_up(result.element("b").weighted, 3)) == "0.370"
    assert str(half_up(result.ni, 3)) == "3.370"


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        (Method(), "84.26"),
        (Method(weight=WeightRule.LITERAL_0111), "84.18"),
        (Method(weight=WeightRule.LITERAL_011), "83.42"),
        (Method(rounding=RoundingRule.NRR_2), "84.22"),
    ],
)
def test_old_rules_reproduce_the_variants_of_the_worked_example(method, printed):
    totals = dict(zip(CODES, [9, 10, 10, 12, 10, 10, 10, 9, 11], strict=True))
    assert str(compute(totals, 3, method=method).printed) == printed


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        (Method(), "100.00"),
        (Method(weight=WeightRule.LITERAL_0111), "99.90"),
        (Method(weight=WeightRule.LITERAL_01111), "99.99"),
        (Method(weight=WeightRule.LITERAL_011), "99.00"),
        (Method(rounding=RoundingRule.WEIGHTED_2), "99.00"),
        (Method(rounding=RoundingRule.NI_3), "100.00"),
        (Method(rounding=RoundingRule.NRR_3), "100.00"),
    ],
)
def test_a_perfect_survey_tells_the_rules_apart(method, printed):
    assert str(index_of(7, 7 * 36, method=method).printed) == printed


def test_no_answers_give_no_index_and_no_grade():
    result = compute(dict.fromkeys(CODES, 0), 0)
    assert (result.n, result.index, result.band, result.printed, result.is_enough) == (0, None, None, None, False)


def test_nine_answers_are_not_enough_and_ten_are():
    assert not index_of(9, 9 * 30).is_enough
    assert index_of(10, 10 * 30).is_enough


def test_an_element_nobody_was_asked_has_no_weight():
    totals = spread(8 * 30, elements=8) | {"i": 0}
    counts = dict.fromkeys(CODES[:8], 10) | {"i": 0}
    result = compute(totals, 10, counts=counts)
    assert result.index == Fraction(75)
    assert result.element("i").nrr is None


def test_a_scale_of_six_ends_at_one_hundred_too():
    six = Method(scale_max=6)
    assert compute({"a": 60, "b": 60}, 10, method=six).index == 100
    assert compute({"a": 30, "b": 30}, 10, method=six).index == 50


@pytest.mark.parametrize("total", [8, 37])
def test_impossible_totals_are_refused(total):
    with pytest.raises(ValueError, match="cannot come from"):
        compute({"a": total}, 9)


def test_a_grade_table_is_read_from_stored_rows():
    rows = [{"grade": "D", "label": "Tidak baik", "lower": "25"}, {"grade": "C", "label": "Kurang", "lower": "43.76"}]
    assert band_for(Fraction("43.76"), bands_from(rows)).grade == "C"
    assert band_for(Fraction("43.754"), bands_from(rows)).grade == "D"
    assert band_for(Fraction("10"), bands_from(rows)).grade == "D"
    assert band_for(None) is None


def test_a_value_is_not_rounded_twice():
    assert str(half_up(Fraction("87.79499"), 2)) == "87.79"
    assert str(half_up(Fraction("0.5"), 0)) == "1"
    assert str(half_up(Fraction("-0.125"), 2)) == "-0.13"


# --- Composition --------------------------------------------------------------------------------

tallies = st.integers(1, 200).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.integers(n, 4 * n), min_size=9, max_size=9))
)


def units(rows):
    return [compute(dict(zip(CODES, totals, strict=True)), n) for n, totals in rows]


@given(st.lists(tallies, min_size=1, max_size=6))
def test_the_mean_weighted_by_n_is_the_pooled_value(rows):
    pooled, weighted = compose(units(rows), Compose.POOLED), compose(units(rows), Compose.WEIGHTED)
    assert pooled.index == weighted.index
    assert pooled.n == weighted.n == sum(n for n, _ in rows)


@given(st.lists(tallies, min_size=1, max_size=6))
def test_pooling_in_any_order_and_in_steps_gives_the_same(rows):
    whole = compose(units(rows), Compose.POOLED)
    steps = compose([compose(units(rows[:1]), Compose.POOLED), *units(rows[1:])], Compose.POOLED)
    assert whole.index == steps.index == compose(units(rows[::-1]), Compose.POOLED).index


@given(st.lists(tallies, min_size=1, max_size=6), st.sampled_from(Compose))
def test_a_composed_index_lies_between_its_units(rows, rule):
    indexes = [unit.index for unit in units(rows)]
    assert min(indexes) <= compose(units(rows), rule).index <= max(indexes)


@given(tallies)
def test_the_index_is_25_times_the_sum_over_9_n(row):
    n, totals = row
    result = units([row])[0]
    assert result.index == Fraction(25 * sum(totals), 9 * n)
    assert result.ni == sum(element.weighted for element in result.elements)
    assert abs(Fraction(result.printed) - result.index) <= Fraction(1, 200)


@given(st.fractions(min_value=25, max_value=100))
def test_every_index_has_exactly_one_grade(value):
    printed = half_up(value, 2)
    bounds = {"A": ("88.31", "100"), "B": ("76.61", "88.30"), "C": ("65.00", "76.60"), "D": ("25.00", "64.99")}
    inside = [grade for grade, (low, high) in bounds.items() if Decimal(low) <= printed <= Decimal(high)]
    assert inside == [band_for(value).grade]


def test_the_mean_ignores_units_without_answers():
    filled, empty = index_of(2, 2 * 36), compute(dict.fromkeys(CODES, 0), 0)
    assert compose([filled, empty], Compose.MEAN).index == 100
    assert compose([empty], Compose.MEAN).index is None
    assert compose([], Compose.POOLED).n == 0


def test_units_with_different_elements_pool_by_respondents_and_keep_both_elements():
    first = compute({"a": 20, "maklumat": 20}, 10)
    second = compute({"a": 120, "sarana": 120}, 30)
    pooled = compose([first, second], Compose.POOLED)
    assert pooled.index == Fraction(10 * 50 + 30 * 100, 40)
    assert (pooled.element("maklumat").n, pooled.element("sarana").n, pooled.element("a").n) == (10, 30, 40)
    assert pooled.element("a").nrr == Fraction(140, 40)

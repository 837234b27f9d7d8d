"""Agreement of two typists, against figures published elsewhere."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.agreement import agreement, pooled


def table(both_yes, yes_no, no_yes, both_no):
    """Pairs of a two by two table."""
    counts = {("y", "y"): both_yes, ("y", "n"): yes_no, ("n", "y"): no_yes, ("n", "n"): both_no}
    return [pair for pair, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [
        ((20, 5, 10, 15), "0.4000"),  # the textbook example: po 0.7, pe 0.5
        ((45, 15, 25, 15), "0.1304"),  # equal po 0.6, other margins (Sim and Wright 2005)
        ((25, 35, 5, 35), "0.2593"),
        ((10, 0, 0, 10), "1.0000"),
        ((0, 10, 10, 0), "-1.0000"),
    ],
)
def test_kappa_of_known_tables(cells, kappa):
    found = agreement(table(*cells))
    assert f"{float(found.kappa):.4f}" == kappa
    assert found.share == Fraction(cells[0] + cells[3], sum(cells))


def test_kappa_with_four_answers_by_hand():
    # po = 8/9 = 72/81; margins 3,2,2,2 and 2,3,2,2 of nine: pe = (6 + 6 + 4 + 4) / 81 = 20/81
    pairs = [(1, 1), (1, 1), (1, 2), (2, 2), (2, 2), (3, 3), (3, 3), (4, 4), (4, 4)]
    found = agreement(pairs)
    assert (found.compared, found.agreed) == (9, 8)
    assert found.kappa == Fraction(72 - 20, 81 - 20)


def test_an_overlooked_answer_is_a_disagreement():
    assert agreement([("3", ""), ("4", "4"), ("2", "2")]).agreed == 2


@pytest.mark.parametrize("pairs", [[], [(4, 4)] * 5])
def test_where_chance_agrees_completely_kappa_cannot_be_computed(pairs):
    assert agreement(pairs).kappa is None
    assert pooled({"a": pairs}).kappa is None


def test_nothing_compared_has_no_share():
    assert agreement([]).share is None


def test_one_field_pooled_is_that_field():
    pairs = table(20, 5, 10, 15)
    assert pooled({"a": pairs, "b": []}) == agreement(pairs)


def test_two_fields_are_weighted_by_their_chance():
    # Field a: 50 pairs, 35 agreed, 25 by chance. Field b: 100 pairs, 60 agreed, 54 by chance (0.6 * 0.7 + 0.4 * 0.3).
    found = pooled({"a": table(20, 5, 10, 15), "b": table(45, 15, 25, 15)})
    assert (found.compared, found.agreed) == (150, 95)
    assert found.kappa == Fraction(95 - 79, 150 - 79)


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(PAIRS)
def test_kappa_never_exceeds_the_bounds_and_does_not_care_who_typed_first(pairs):
    found = agreement(pairs)
    assert found.kappa is None or -1 <= found.kappa <= 1
    assert agreement([(second, first) for first, second in pairs]) == found
    assert agreement(reversed(pairs)) == found


@given(PAIRS)
def test_kappa_is_one_exactly_when_all_agree(pairs):
    found = agreement(pairs)
    assert (found.kappa == 1) == (found.kappa is not None and found.agreed == found.compared)


@given(PAIRS, st.permutations(range(5)))
def test_only_equality_counts_not_which_value(pairs, names):
    renamed = [(names[first], names[second]) for first, second in pairs]
    assert agreement(renamed) == agreement(pairs)

"""Changes between periods: Welch, Holm, and what is not compared."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics import Moments
from surveys.trendtest import Change, Sample, compared, holm, steps, welch


def sample(n, mean, variance):
    return Sample(n, Fraction(mean), Fraction(variance))


LOW, HIGH = sample(100, 70, 100), sample(100, 78, 100)


def test_welch_of_a_textbook_pair():
    """Means 20 and 23, variances 4 and 9, n 15 and 20: t = 3 / sqrt(4/15 + 9/20), df by Satterthwaite."""
    found = welch(sample(15, 20, 4), sample(20, 23, 9))
    assert isclose(found.t, 3.54375, rel_tol=1e-5)
    assert isclose(found.df, 32.6366, rel_tol=1e-5)
    assert 0.0011 < found.p < 0.0013


def test_without_spread_every_difference_is_certain():
    assert welch(sample(10, 75, 0), sample(10, 75, 0)).p == 1
    assert welch(sample(10, 75, 0), sample(10, 50, 0)).p == 0


def test_holms_adjustment_of_a_worked_list():
    assert [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])] == [0.03, 0.06, 0.06, 0.02]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1)))
def test_adjusting_never_lowers_a_probability_and_keeps_the_order(probabilities):
    adjusted = holm(probabilities)
    pairs = sorted(zip(probabilities, adjusted, strict=True))
    assert all(p <= q <= 1 for p, q in pairs)
    assert [q for _, q in pairs] == sorted(q for _, q in pairs)


def test_a_clear_rise_and_fall_are_told_with_their_size():
    rise, fall = steps([LOW, HIGH, LOW], [False] * 3)
    assert (rise.change, rise.difference) == (Change.ROSE, 8)
    assert (fall.change, fall.difference) == (Change.FELL, -8)


def test_a_change_of_the_instrument_breaks_the_trend():
    assert [step.change for step in steps([LOW, HIGH, HIGH], [False, True, False])] == [
        Change.NOT_COMPARABLE,
        Change.NOT_CLEAR,
    ]


def test_too_few_answers_are_not_tested():
    assert [step.change for step in steps([LOW, None, HIGH], [False] * 3)] == [Change.TOO_FEW, Change.TOO_FEW]
    few = Moments.from_rows([{1: 3, 2: 4}] * 9)
    assert Sample.of(few) is None


def test_one_doubtful_change_among_many_services_is_no_alarm():
    """Alone it passes at 5 %; as one of thirty it does not."""
    doubtful = (sample(100, 75, 100), sample(100, 78, 100))
    quiet = (sample(100, 75, 100), sample(100, 75, 100))
    assert compared([doubtful])[0].change is Change.ROSE
    assert compared([doubtful, *[quiet] * 29])[0].change is Change.NOT_CLEAR


def test_every_period_says_whether_it_breaks():
    with pytest.raises(ValueError):
        steps([LOW, HIGH], [False])


def test_a_sample_comes_from_the_sums_of_a_period():
    found = Sample.of(Moments.from_rows([{1: 3, 2: 3}, {1: 4, 2: 4}] * 5))
    assert (found.n, found.mean) == (10, Fraction(175, 2))
    assert found.variance == Fraction(12_5**2, 100) * 10 / 9

"""Statistics against printed tables, worked vectors and a recomputation from the rows themselves."""

from fractions import Fraction
from math import isclose, sqrt
from random import Random
from statistics import correlation, fmean, variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.distributions import critical_correlation, normal_quantile, t_quantile, t_two_sided
from surveys.index import band_for, compute
from surveys.matrix import Quadrant, correlation_range, matrix_of
from surveys.reliability import Verdict, alpha_of, reliability_of, rest_correlation, total_correlation, validity_of
from surveys.statistics import Moments, finite_correction, index_interval, index_spread, share_interval

QUESTIONNAIRE = ("persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan")
EXAMPLE = [(3, 3, 3, 4, 3, 3, 3, 3, 4), (4, 4, 4, 4, 4, 4, 4, 4, 4), (2, 3, 3, 4, 3, 3, 3, 2, 3)]
ALPHA_VECTOR = [(4, 4, 4, 3), (3, 3, 3, 3), (2, 2, 3, 2), (1, 2, 1, 1), (4, 3, 4, 4)]

forms = st.integers(2, 9).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(1, 4)] * width), min_size=2, max_size=40)
)


def moments(rows):
    return Moments.from_rows(dict(enumerate(row, start=1)) for row in rows)


# --- The printed tables -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("df", "printed"), [(1, 12.706), (4, 2.776), (9, 2.262), (29, 2.045), (60, 2.000), (120, 1.980)]
)
def test_students_t_is_that_of_the_printed_table(df, printed):
    assert round(t_quantile(0.95, df), 3) == printed
    assert isclose(t_two_sided(t_quantile(0.95, df), df), 0.05, rel_tol=1e-9)


def test_the_normal_curve_is_the_limit():
    assert round(normal_quantile(0.95), 4) == 1.96
    assert isclose(t_quantile(0.99, 1e7), normal_quantile(0.99), rel_tol=1e-5)


@pytest.mark.parametrize(
    ("n", "printed"), [(3, 0.997), (10, 0.632), (20, 0.444), (30, 0.361), (50, 0.279), (100, 0.197), (200, 0.139)]
)
def test_the_critical_correlation_is_the_r_table(n, printed):
    """r tabel, 5 %, two-sided, by number of respondents."""
    assert round(critical_correlation(n), 3) == printed


# --- The worked example and the grade limits -------------------------------------------------


def test_the_three_forms_of_the_worked_example():
    sums = moments(EXAMPLE)
    assert [sums.slots[slot].total for slot in range(1, 10)] == [9, 10, 10, 12, 10, 10, 10, 9, 11]
    result = compute({code: sums.slots[slot].total for slot, code in enumerate(QUESTIONNAIRE, start=1)}, sums.n)
    assert str(result.printed) == "84.26"
    assert result.band.grade == "B"
    assert index_spread(sums)[0] == result.index == Fraction(2275, 27)


@pytest.mark.parametrize(
    ("exact", "grade"),
    [
        (Fraction(64994, 1000), "D"),
        (Fraction(64995, 1000), "C"),
        (Fraction(76605, 1000), "B"),
        (Fraction(88304, 1000), "B"),
        (Fraction(88305, 1000), "A"),
    ],
)
def test_limits_of_the_grades(exact, grade):
    assert band_for(exact).grade == grade


# --- Sums -----------------------------------------------------------------------------------


@given(forms, st.integers(0, 40))
def test_sums_of_parts_add_up_to_the_sums_of_all(rows, cut):
    assert moments(rows[:cut]) + moments(rows[cut:]) == moments(rows)


@given(forms)
def test_variances_and_correlations_equal_those_of_the_rows(rows):
    sums, totals = moments(rows), [sum(row) for row in rows]
    assert isclose(sums.total_variance, variance(totals), abs_tol=1e-9)
    for slot, column in enumerate(zip(*rows, strict=True), start=1):
        assert isclose(sums.variance(slot), variance(column), abs_tol=1e-9)
        rest = [total - score for total, score in zip(totals, column, strict=True)]
        for other, found in ((totals, total_correlation(sums, slot)), (rest, rest_correlation(sums, slot))):
            if len(set(column)) == 1 or len(set(other)) == 1:
                assert found is None
            else:
                assert isclose(found, correlation(column, other), abs_tol=1e-9)


# --- Reliability ------------------------------------------------------------------------------


def test_alpha_of_the_check_vector():
    assert alpha_of(moments(ALPHA_VECTOR)) == Fraction(20, 21)
    assert f"{float(alpha_of(moments(ALPHA_VECTOR))):.6f}" == "0.952381"


@pytest.mark.parametrize("rows", [[], [(4, 4)], [(3, 3, 3)] * 40, [(1, 4), (4, 1), (2, 3)], [(3,), (4,)]])
def test_alpha_without_spread_cannot_be_computed(rows):
    assert alpha_of(moments(rows)) is None


@given(forms)
def test_alpha_equals_the_textbook_on_the_rows(rows):
    spread = variance([sum(row) for row in rows])
    assume(spread)
    width = len(rows[0])
    own = sum(variance(column) for column in zip(*rows, strict=True))
    assert isclose(alpha_of(moments(rows)), width / (width - 1) * (1 - own / spread), abs_tol=1e-9)


def test_a_verdict_waits_for_thirty_forms():
    assert reliability_of(moments(ALPHA_VECTOR)).verdict is Verdict.TOO_FEW
    assert reliability_of(moments(ALPHA_VECTOR * 6)).verdict is Verdict.GOOD
    assert reliability_of(moments([(4, 4)] * 30)).verdict is Verdict.NOT_COMPUTABLE
    # Two elements that go against each other.
    assert reliability_of(moments([(1, 4), (4, 2), (3, 1)] * 10)).verdict is Verdict.WEAK


def test_an_element_is_valid_when_it_beats_the_r_table():
    rows = ALPHA_VECTOR * 6
    for slot in range(1, 5):
        found = validity_of(moments(rows), slot)
        assert (found.verdict, round(found.critical, 3)) == (Verdict.GOOD, 0.361)
        assert found.corrected < found.r
    # The third element knows nothing of the other two.
    mixed = [(1, 1, 1), (1, 1, 4), (4, 4, 1), (4, 4, 4)] * 10
    assert [validity_of(moments(mixed), slot).verdict for slot in (1, 3)] == [Verdict.GOOD, Verdict.WEAK]
    constant = [(1, 1, 4), (4, 4, 4), (2, 3, 4)] * 10
    assert validity_of(moments(constant), 3).verdict is Verdict.NOT_COMPUTABLE
    assert validity_of(moments(rows[:29]), 1).verdict is Verdict.TOO_FEW


# --- Confidence -------------------------------------------------------------------------------


def test_the_interval_is_mean_and_standard_error_times_t():
    rows = [(3, 3), (4, 4)] * 5
    # Indexes 75 and 100: mean 87.5, variance 10 * 12.5² / 9, t of nine degrees 2.262.
    reach = 2.262157 * sqrt(10 * 12.5**2 / 9 / 10)
    found = index_interval(moments(rows), sampled=True)
    assert (round(found.low, 3), round(found.high, 3)) == (round(87.5 - reach, 3), round(87.5 + reach, 3))
    assert not found.corrected


def test_a_known_population_narrows_the_interval_to_nothing_when_all_were_asked():
    rows = [(3, 3), (4, 4)] * 5
    plain, half, all_asked = (index_interval(moments(rows), sampled=True, population=n) for n in (None, 19, 10))
    assert isclose(half.margin, plain.margin * sqrt(9 / 18))
    assert half.corrected
    assert all_asked.margin == 0


def test_a_population_below_the_sample_corrects_nothing():
    assert finite_correction(50, 40) == 1
    assert finite_correction(50, None) == 1


def test_volunteers_have_no_margin_of_error():
    assert index_interval(moments([(3, 4)] * 50), sampled=False) is None


def test_below_ten_forms_there_is_no_interval():
    assert index_interval(moments([(3, 4)] * 9), sampled=True) is None


def test_the_bootstrap_agrees_with_the_interval():
    """Resampling knows nothing of t or of sums."""
    chance = Random(7)
    rows = [(chance.choice((2, 3, 3, 4)), chance.choice((2, 3, 4, 4))) for _ in range(150)]
    found = index_interval(moments(rows), sampled=True)
    means = sorted(fmean(sum(row) * 12.5 for row in chance.choices(rows, k=150)) for _ in range(2000))
    assert abs(means[49] - found.low) < 0.4
    assert abs(means[1949] - found.high) < 0.4


def test_a_share_has_wilsons_interval():
    low, high = share_interval(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert share_interval(0, 0) is None
    assert isclose(share_interval(0, 20)[0], 0, abs_tol=1e-12)
    with pytest.raises(ValueError):
        share_interval(3, 2)


# --- Matrix -----------------------------------------------------------------------------------


def test_each_quadrant_is_found_and_a_clear_dot_is_not_near_the_line():
    chance = Random(3)
    mood = [chance.choice((0, 1)) for _ in range(400)]
    rows = [
        (1 + m, 3 + m, chance.choice((1, 2)), chance.choice((3, 4)), 1 + m, 3 + m) for m in mood
    ]  # two of each follow the mood; slots 3 and 4 follow nothing
    found = matrix_of(moments(rows))
    quadrants = {place.slot: place.quadrant for place in found.places}
    assert quadrants[1] is quadrants[5] is Quadrant.IMPROVE_FIRST
    assert quadrants[2] is quadrants[6] is Quadrant.KEEP_UP
    assert quadrants[3] is Quadrant.LOW_PRIORITY
    assert quadrants[4] is Quadrant.MORE_THAN_NEEDED
    assert not any(place.is_near_line for place in found.places)


def test_elements_alike_are_near_the_line():
    chance = Random(5)
    rows = [tuple(chance.choice((2, 3, 4)) for _ in range(4)) for _ in range(60)]
    assert all(place.is_near_line for place in matrix_of(moments(rows)).places)


def test_without_spread_or_with_few_forms_there_is_no_matrix():
    assert matrix_of(moments([(3, 3, 3)] * 40)) is None
    assert matrix_of(moments(ALPHA_VECTOR)) is None


def test_fishers_range_of_a_correlation():
    low, high = correlation_range(0.5, 103)
    assert (round(low, 3), round(high, 3)) == (0.339, 0.632)
    assert correlation_range(1.0, 50) == (1.0, 1.0)

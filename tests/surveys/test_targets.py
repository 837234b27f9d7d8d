"""The pace of a sample over a quarter of 92 days."""

from datetime import date
from fractions import Fraction

import pytest

from surveys.targets import Pace, elapsed_share, progress

START, END = date(2024, 7, 1), date(2024, 10, 1)
QUARTER_GONE, HALF_GONE = date(2024, 7, 24), date(2024, 8, 16)


@pytest.mark.parametrize(
    ("reached", "on", "pace"),
    [
        (0, date(2024, 6, 30), Pace.NOT_STARTED),
        (0, START, Pace.ON_COURSE),
        (0, date(2024, 7, 23), Pace.ON_COURSE),
        (0, QUARTER_GONE, Pace.AT_RISK),
        (37, HALF_GONE, Pace.AT_RISK),
        (38, HALF_GONE, Pace.ON_COURSE),
        (99, date(2024, 9, 30), Pace.ON_COURSE),
        (99, END, Pace.MISSED),
        (100, HALF_GONE, Pace.REACHED),
        (100, date(2024, 6, 1), Pace.REACHED),
        (120, END, Pace.REACHED),
    ],
)
def test_the_pace_of_a_hundred_answers(reached, on, pace):
    """By half of the quarter fifty are expected; three quarters of fifty are 37.5."""
    assert progress(needed=100, reached=reached, start=START, end=END, on=on).pace is pace


def test_what_is_missing_and_expected():
    found = progress(needed=100, reached=30, start=START, end=END, on=HALF_GONE)
    assert (found.missing, found.expected, found.share) == (70, 50, Fraction(3, 10))
    assert progress(needed=0, reached=0, start=START, end=END, on=START).share == 1
    assert progress(needed=5, reached=9, start=START, end=END, on=START).missing == 0


def test_a_period_ends_after_it_starts():
    with pytest.raises(ValueError):
        elapsed_share(END, START, START)

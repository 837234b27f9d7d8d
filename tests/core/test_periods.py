import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import (
    REGULAR,
    PeriodKind,
    any_period_from_key,
    period_from_key,
    period_of,
    period_of_days,
    periods_between,
)


@pytest.mark.parametrize(
    ("kind", "key", "start", "end"),
    [
        ("month", "2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("quarter", "2024Q4", date(2024, 10, 1), date(2025, 1, 1)),
        ("semester", "2024S2", date(2024, 7, 1), date(2025, 1, 1)),
        ("year", "2024", date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_the_last_day_of_the_year_belongs_to_its_periods(kind, key, start, end):
    period = period_of(date(2024, 12, 31), PeriodKind(kind))
    assert (period.key, period.start, period.end) == (key, start, end)


@given(st.dates(date(2004, 1, 1), date(2090, 1, 1)), st.sampled_from(REGULAR))
def test_a_day_lies_in_its_period_and_the_next_day_of_its_end_does_not(day, kind):
    period = period_of(day, kind)
    assert period.start <= day < period.end
    assert period_of(period.end - timedelta(days=1), kind) == period
    assert period_of(period.end, kind) != period


@given(st.dates(date(2004, 1, 1), date(2090, 1, 1)), st.sampled_from(REGULAR))
def test_a_key_names_its_period(day, kind):
    period = period_of(day, kind)
    assert period_from_key(period.key) == period


@pytest.mark.parametrize("text", ["", "24", "2024Q5", "2024S3", "2024-13", "2024-1", "2024-00", "0000", " 2024"])
def test_anything_else_is_no_key(text):
    with pytest.raises(ValueError):
        period_from_key(text)


def test_periods_between_two_days_are_gapless():
    found = list(periods_between(date(2023, 11, 30), date(2024, 7, 1), PeriodKind.QUARTER))
    assert [period.key for period in found] == ["2023Q4", "2024Q1", "2024Q2", "2024Q3"]
    assert all(first.end == second.start for first, second in itertools.pairwise(found))


def test_any_days_are_a_period_and_have_one_name_only():
    free = period_of_days(date(2024, 1, 15), date(2024, 2, 20))
    assert (free.key, free.kind) == ("20240115-20240220", PeriodKind.DAYS)
    assert any_period_from_key(free.key) == free
    assert period_of_days(date(2024, 4, 1), date(2024, 6, 30)).key == "2024Q2"
    assert any_period_from_key("2024Q2").key == "2024Q2"


@pytest.mark.parametrize("text", ["20240401-20240630", "20240220-20240115", "20240101-20290101", "20240230-20240301"])
def test_days_that_have_another_name_or_none_are_no_key(text):
    with pytest.raises(ValueError):
        any_period_from_key(text)


def test_nothing_but_results_is_asked_for_by_free_days():
    with pytest.raises(ValueError):
        period_from_key("20240115-20240220")

"""Which day a batch may bear, which sheets are typed twice, where two entries differ."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import build
from surveys.papersheets import (
    DayFault,
    agreement_by_field,
    agreement_of_all,
    day_fault,
    differing,
    sheets_to_check,
    tidy,
)

KEY = UUID("7b0b7b1e-6f0e-4f7e-9f0a-0a5d3d3f9c11")
DEFINITION = build(
    instrument="x",
    scale=(1, 4),
    elements=[{"code": "waktu", "slot": 1}, {"code": "biaya", "slot": 2}],
    questions=[
        {"id": "a", "code": "A", "type": "multiple", "choices": [{"code": "x"}, {"code": "y"}]},
        {"id": "foto", "code": "F", "type": "photo"},
    ],
    profile=["sex"],
    comment={},
)


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (date(2024, 5, 6), None),  # today
        (date(2024, 5, 7), DayFault.FUTURE),
        (date(2024, 3, 1), None),  # the day of printing
        (date(2024, 2, 29), DayFault.BEFORE_PRINT),
    ],
)
def test_the_day_lies_between_printing_and_today(day, fault):
    today, published_on = date(2024, 5, 6), date(2024, 3, 1)
    assert day_fault(day, today=today, published_on=published_on, most_days=92) is fault


@pytest.mark.parametrize(("day", "fault"), [(date(2024, 4, 6), None), (date(2024, 4, 5), DayFault.TOO_OLD)])
def test_a_day_too_long_ago_is_refused(day, fault):
    assert day_fault(day, today=date(2024, 5, 6), published_on=date(2020, 1, 1), most_days=30) is fault


def test_what_was_left_open_is_not_a_value():
    assert tidy({"e_waktu": [" 3 "], "comment": ["  "], "q_a": ["", "x"]}) == {"e_waktu": ["3"], "q_a": ["x"]}


@pytest.mark.parametrize(("sheets", "share", "drawn"), [(100, 10, 10), (41, 10, 5), (1, 10, 1), (7, 100, 7), (9, 0, 0)])
def test_the_share_is_rounded_up(sheets, share, drawn):
    assert len(sheets_to_check(KEY, range(1, sheets + 1), share=share)) == drawn


@given(st.sets(st.integers(1, 500), max_size=60), st.sampled_from([0, 10, 25, 100]), st.uuids())
def test_only_typed_sheets_are_drawn_each_once_and_always_the_same(numbers, share, key):
    drawn = sheets_to_check(key, numbers, share=share)
    assert set(drawn) <= numbers
    assert len(set(drawn)) == len(drawn)
    assert sheets_to_check(key, sorted(numbers, reverse=True), share=share) == drawn


def test_another_batch_draws_other_sheets():
    draws = {tuple(sheets_to_check(UUID(int=batch), range(1, 101), share=10)) for batch in range(20)}
    assert len(draws) == 20


def test_order_of_ticks_spaces_and_capitals_are_no_difference():
    first = {"q_a": ["x", "y"], "comment": ["Cepat  sekali"], "e_waktu": ["3"]}
    second = {"q_a": ["y", "x"], "comment": ["cepat sekali"], "e_waktu": ["3"]}
    assert differing(DEFINITION, first, second) == []


def test_an_overlooked_answer_is_a_difference():
    first, second = {"e_waktu": ["3"], "p_sex": ["male"]}, {"e_waktu": ["3"], "e_biaya": ["4"]}
    assert differing(DEFINITION, first, second) == ["e_biaya", "p_sex"]


def test_agreement_is_given_per_field_and_leaves_photos_out():
    entries = [({"e_waktu": ["3"]}, {"e_waktu": ["3"]}), ({"e_waktu": ["4"]}, {"e_waktu": ["3"]})]
    found = agreement_by_field(DEFINITION, entries)
    assert list(found) == ["e_waktu", "e_biaya", "q_a", "p_sex", "comment"]
    assert (found["e_waktu"].compared, found["e_waktu"].agreed) == (2, 1)
    assert found["e_waktu"].kappa == 0  # chance: (1 * 2) / 4 = 1/2, as observed


def test_the_whole_counts_fixed_answers_only():
    entries = [({"e_waktu": ["3"], "comment": ["a"]}, {"e_waktu": ["3"], "comment": ["b"]})]
    assert agreement_of_all(DEFINITION, entries).compared == 3  # two elements and sex
    assert agreement_of_all(DEFINITION, entries).agreed == 3

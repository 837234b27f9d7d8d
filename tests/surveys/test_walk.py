"""The way through a survey with one question per page, and what a low score offers afterwards. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.definition import build
from surveys.offers import is_low, is_offered, mark_of
from surveys.walk import ABOUT, CHECK, START, fields_of, neighbour, page_with, pages_of

NOW = datetime(2026, 3, 2, 4, 10, tzinfo=UTC)
RECEIPT = "f" * 32


def row(key, kind="yes_no", **more):
    return {"id": key, "code": key, "type": kind, "label": {"id": key}, **more}


def definition(*questions, profile=("sex",), comment=None):
    elements = [{"code": code, "slot": slot, "name": {}, "question": {}, "options": {}} for slot, code in
                enumerate(("waktu", "biaya"), start=1)]  # fmt: skip
    return build(instrument="x", scale=(1, 4), elements=elements, questions=questions, profile=profile, comment=comment)


CHAIN = definition(
    row("a"),
    row("s", "section", show_if={"field": "q_a", "any_of": ["no"]}),
    row("b", show_if={"field": "q_a", "any_of": ["yes"]}),
    row("c", show_if={"field": "q_b", "any_of": ["yes"]}),
    row("d", show_if={"field": "e_waktu", "any_of": ["1", "2"]}),
)


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, ["q_a"]),
        ({"q_a": ["yes"]}, ["q_a", "q_b"]),
        ({"q_a": ["yes"], "q_b": ["yes"]}, ["q_a", "q_b", "q_c"]),
        # What was said before the first answer changed opens nothing.
        ({"q_a": ["no"], "q_b": ["yes"]}, ["q_a"]),
        ({"e_waktu": ["2"]}, ["q_a", "q_d"]),
        ({"e_waktu": ["3"]}, ["q_a"]),
    ],
)
def test_only_the_questions_the_answers_open_are_pages(values, asked):
    assert pages_of(CHAIN, values) == [START, "e_waktu", "e_biaya", *asked, ABOUT, CHECK]


def test_a_survey_without_profile_and_comment_has_no_page_for_them():
    assert pages_of(definition(profile=()), {}) == [START, "e_waktu", "e_biaya", CHECK]


def test_the_buttons_lead_one_page_on_or_back_and_never_out():
    pages = pages_of(CHAIN, {})
    assert neighbour(pages, START, 1) == "e_waktu"
    assert neighbour(pages, "e_waktu", -1) == START
    assert neighbour(pages, START, -1) == START
    assert neighbour(pages, CHECK, 1) == CHECK
    assert neighbour(pages, "q_forged", 1) == START


def test_a_page_posts_its_question_and_the_reason_beside_it():
    assert fields_of(CHAIN, "e_waktu") == ["e_waktu", "r_waktu"]
    assert fields_of(CHAIN, "q_a") == ["q_a"]
    assert fields_of(definition(comment={}), ABOUT) == ["comment", "p_sex"]


def test_the_page_of_a_faulty_field_is_found_and_the_last_one_stands_in():
    pages = pages_of(CHAIN, {})
    assert page_with(CHAIN, pages, ["q_a", "e_biaya"]) == "e_biaya"
    assert page_with(CHAIN, pages, ["p_sex"]) == ABOUT
    assert page_with(CHAIN, pages, ["unknown"]) == CHECK


@pytest.mark.parametrize(
    ("scores", "scale", "low"),
    [
        ([4, 3, 3], (1, 4), False),
        ([4, 2, 4], (1, 4), True),
        ([None, None], (1, 4), False),
        ([3, 3], (1, 5), False),
        ([2], (1, 5), True),
        ([5], (1, 10), True),
        ([6], (1, 10), False),
    ],
)
def test_a_score_in_the_lower_half_is_low(scores, scale, low):
    assert is_low(scores, low=scale[0], high=scale[1]) is low


def test_the_mark_says_nothing_to_others_and_lapses():
    offered, not_offered = (mark_of(RECEIPT, is_offered=flag, now=NOW) for flag in (True, False))
    assert len(offered) == len(not_offered)
    assert is_offered(offered, RECEIPT, NOW + timedelta(minutes=60))
    assert not is_offered(not_offered, RECEIPT, NOW)
    assert not is_offered(offered, "e" * 32, NOW)
    assert not is_offered(offered, RECEIPT, NOW + timedelta(hours=3))

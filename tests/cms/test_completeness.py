"""The score of a service standard and the two slips it looks for."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.completeness import (
    COMPONENTS,
    DELIVERY,
    OFFICIAL_KEYS,
    State,
    duplicate_positions,
    form_code_variants,
    score,
    state_of,
)

STANDARDS = json.loads(Path("fixtures/service_standards.json").read_text(encoding="utf-8"))["standards"]


@pytest.mark.parametrize(
    ("declared", "has_content", "state"),
    [
        ("", True, State.PUBLISHED),
        ("", False, State.MISSING),
        ("none_required", False, State.NONE_REQUIRED),
        ("not_applicable", False, State.NOT_APPLICABLE),
        ("none_required", True, State.PUBLISHED),
        ("not_applicable", True, State.PUBLISHED),
    ],
)
def test_content_wins_over_a_declaration(declared, has_content, state):
    assert state_of(declared, has_content=has_content) == state


def test_an_unknown_declaration_is_refused():
    with pytest.raises(ValueError):
        state_of("maybe", has_content=False)


@pytest.mark.parametrize(
    ("states", "delivery", "total"),
    [
        ({}, 0, 0),
        (dict.fromkeys(COMPONENTS, State.PUBLISHED), 6, 14),
        (dict.fromkeys(COMPONENTS, State.MISSING), 0, 0),
        (dict.fromkeys(DELIVERY, State.PUBLISHED), 6, 6),
        ({"requirements": State.NONE_REQUIRED, "fee": State.PUBLISHED}, 2, 2),
        ({"safety_guarantee": State.NOT_APPLICABLE}, 0, 1),
    ],
)
def test_stated_components_count_and_empty_ones_do_not(states, delivery, total):
    result = score(states)
    assert (result.delivery, result.total) == (delivery, total)


def test_a_standard_has_six_parts_for_users_and_fourteen_in_all():
    assert (len(DELIVERY), len(COMPONENTS)) == (6, 14)
    assert set(OFFICIAL_KEYS) == set(COMPONENTS)


@pytest.mark.parametrize("record", STANDARDS, ids=lambda record: record["id"])
def test_published_standards_get_the_score_counted_by_hand(record):
    english = {official: key for key, official in OFFICIAL_KEYS.items()}
    states = {english[key]: state_of("", has_content=part is not None) for key, part in record["components"].items()}
    result = score(states)
    assert f"{result.delivery}/6" == record["completeness"]["service_delivery"]
    assert f"{result.total}/14" == record["completeness"]["all"]


@given(st.dictionaries(st.sampled_from(COMPONENTS), st.sampled_from(list(State))))
def test_score_and_missing_parts_always_add_up(states):
    result = score(states)
    assert result.total + len(result.missing) == 14
    assert 0 <= result.delivery <= min(6, result.total)
    assert result.is_complete == (result.total == 14)


def test_the_repeated_requirement_of_a_published_standard_is_found():
    record = next(record for record in STANDARDS if record["id"] == "lamongan-akta-kelahiran")
    texts = [row["text"] for row in record["components"]["persyaratan"]]
    assert duplicate_positions(texts) == [(4, 5)]


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        (["KTP", "KK"], []),
        (["Fotokopi KTP", "fotokopi  ktp."], [(1, 2)]),
        (["KTP", "KK", "KTP", "KTP"], [(1, 3), (1, 4)]),
        (["", "", " "], []),
        (["Fotokopi KTP 1", "Fotokopi KTP 2"], []),
    ],
)
def test_repeated_texts_are_found_whatever_their_spelling(texts, pairs):
    assert duplicate_positions(texts) == pairs


@pytest.mark.parametrize(
    ("codes", "variants"),
    [
        (["F.201", "F2.01"], [("F.201", "F2.01")]),
        (["F-1.02", "F 1.02", "F1.02"], [("F-1.02", "F 1.02", "F1.02")]),
        (["F2.01", "F2.01"], []),
        (["F2.01", "F2.02", ""], []),
        (["f2.01", "F2.01"], [("f2.01", "F2.01")]),
    ],
)
def test_one_form_under_two_codes_is_found(codes, variants):
    assert form_code_variants(codes) == variants

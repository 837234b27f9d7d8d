"""Routing rules: the first match counts, a bad list is refused, and a dry run tells what would have gone where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.routing import MOST_RULES, BadRule, Facts, PastCase, Rule, dry_run, match, read_rules, tokens_of

LAMP = Rule(agency=1, words=("lampu jalan", "pju"))
ROAD = Rule(agency=2, category="jalan-bangunan")
COUNTER = Rule(agency=3, point="K7QM3XPD9RTB2Z")


def test_the_first_rule_that_matches_counts():
    facts = Facts(category="jalan-bangunan", text="Lampu   jalan mati")
    assert match([LAMP, ROAD], facts).rule == LAMP
    assert match([ROAD, LAMP], facts).rule == ROAD
    assert match([LAMP], facts).words == ("lampu jalan",)
    assert match([COUNTER], facts) is None


@pytest.mark.parametrize(
    ("text", "matches"),
    [("PJU padam", True), ("lampu, jalan", True), ("lampu di jalan", False), ("pjuX", False), ("", False)],
)
def test_words_match_whole_words_side_by_side(text, matches):
    assert (match([LAMP], Facts(text=text)) is not None) is matches


def test_every_condition_that_is_set_must_hold():
    rule = Rule(agency=1, category="sosial", district=7, words=("bantuan",))
    good = {"category": "sosial", "district": 7, "text": "Bantuan belum cair"}
    assert match([rule], Facts(**good))
    for name, other in (("category", "kesehatan"), ("district", 8), ("text", "Jalan rusak")):
        assert match([rule], Facts(**{**good, name: other})) is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({}, "shape"),
        ([[]], "shape"),
        ([{"agency": 1, "words": ["a"], "code": "import os"}], "shape"),
        ([{"agency": "1", "words": ["a"]}], "agency"),
        ([{"agency": True, "words": ["a"]}], "agency"),
        ([{"agency": 1}], "empty"),
        ([{"agency": 1, "words": []}], "empty"),
        ([{"agency": 1, "words": ["...", "!!"]}], "empty"),
        ([{"agency": 1, "words": "jalan"}], "shape"),
        ([{"agency": 1, "words": ["a" * 41]}], "too_many_words"),
        ([{"agency": 1, "words": ["a"] * 31}], "too_many_words"),
        ([{"agency": 1, "words": ["a"]}] * (MOST_RULES + 1), "too_many"),
        ([{"agency": 1, "district": -1}], "shape"),
        ([{"agency": 1, "category": {"$ne": ""}}], "shape"),
    ],
)
def test_a_list_that_breaks_the_schema_is_refused(rows, code):
    with pytest.raises(BadRule) as refused:
        read_rules(rows)
    assert refused.value.args[1] == code


def test_a_word_is_never_read_as_a_pattern():
    (rule,) = read_rules([{"agency": 1, "words": ["(a+)+$", ".*"]}])
    assert rule.words == ("a",)
    assert match([rule], Facts(text="a" * 8000)) is None


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_reading_a_text_never_fails(text):
    assert all(token == token.lower() and token for token in tokens_of(text))
    match([LAMP, ROAD], Facts(text=text))


def test_a_dry_run_adds_up():
    cases = [
        PastCase(Facts(text="Lampu jalan mati"), 1, "perhubungan", "BKL-1"),
        PastCase(Facts(text="Lampu jalan padam"), 2, "perhubungan", "BKL-2"),
        PastCase(Facts(text="Obat kosong"), 4, "kesehatan", "BKL-3"),
        PastCase(Facts(category="jalan-bangunan", text="Lubang"), 2, "jalan-bangunan", "BKL-4"),
    ]
    tried = dry_run([LAMP, ROAD, COUNTER], cases)
    assert (tried.total, tried.matched, tried.right) == (4, 3, 2)
    assert (tried.coverage, tried.precision) == (0.75, 2 / 3)
    assert (tried.records[0].went_to, tried.records[0].examples) == ({2: 1}, ["BKL-2"])
    assert tried.never_matching == [3]
    assert tried.topics == {"perhubungan": (2, 2), "kesehatan": (1, 0), "jalan-bangunan": (1, 1)}

"""Codes an editor did not choose: free ones, never those of a question or an answer that was removed."""

import pytest

from surveys.branching import problems
from surveys.givencodes import choice_codes, with_codes
from surveys.publishingtexts import problem_sentence

ASKED = {"id": "tanya", "code": "p1", "choices": [{"code": "a"}, {"code": "b"}]}


def posted(*rows):
    """What the browser sends for a list of questions: (id, code, codes of the answers or None where deleted)."""
    fields = {"questions-count": str(len(rows))}
    for place, (identifier, code, *choices) in enumerate(rows):
        row = f"questions-{place}"
        fields |= {f"{row}-id": identifier, f"{row}-order": str(place), f"{row}-value-code": code}
        fields[f"{row}-value-choices-count"] = str(len(choices))
        for number, choice in enumerate(choices):
            one = f"{row}-value-choices-{number}"
            fields |= {f"{one}-order": str(number), f"{one}-deleted": "1" if choice is None else ""}
            fields[f"{one}-value-code"] = choice or ""
    return fields


def codes(given, row=0):
    return [given[name] for name in sorted(given) if name.startswith(f"questions-{row}-value-") and "code" in name]


def test_questions_are_numbered_around_what_is_taken():
    given = with_codes(posted(("x", ""), ("y", "P2"), ("z", "")), [ASKED])
    assert [given[f"questions-{n}-value-code"] for n in range(3)] == ["p3", "P2", "p4"]


def test_a_published_question_gets_its_own_code_back():
    assert with_codes(posted(("tanya", "")), [ASKED])["questions-0-value-code"] == "p1"


@pytest.mark.parametrize(
    ("choices", "expected"),
    [(("", ""), ["c", "d"]), (("b", ""), ["b", "c"]), ((None, "b", ""), ["", "b", "c"])],
    ids=["all new", "one is new", "one was removed"],
)
def test_an_answer_never_gets_the_letter_of_a_removed_one(choices, expected):
    given = with_codes(posted(("tanya", "p1", *choices)), [ASKED])
    assert [given[f"questions-0-value-choices-{n}-value-code"] for n in range(len(choices))] == expected


def test_a_question_nobody_answered_yet_begins_with_a():
    given = with_codes(posted(("baru", "p1", "", "")), [])
    assert codes(given) == ["a", "b", "p1"]


def test_what_was_posted_is_left_as_it_came():
    fields = posted(("x", ""))
    with_codes(fields, [])
    assert fields["questions-0-value-code"] == ""
    assert with_codes({"title": "tanpa pertanyaan"}, [ASKED]) == {"title": "tanpa pertanyaan"}
    assert choice_codes([ASKED]) == {"tanya": ["a", "b"]}


def form(condition):
    """Two questions about the queue; the second one under this condition."""
    first = {"id": "antre", "code": "p1", "type": "yes_no", "label": {"id": "Apakah Anda antre?"}}
    second = {"id": "lama", "code": "p2", "type": "number", "label": {"id": "Berapa menit?"}, "show_if": condition}
    last = {"id": "ruang", "code": "p3", "type": "yes_no", "label": {"id": "Apakah ruangnya nyaman?"}}
    element = {"code": "waktu", "name": {"id": "Waktu penyelesaian"}, "question": {"id": "Bagaimana waktunya?"}}
    return {"elements": [element], "questions": [first, second, last], "scale": {"min": 1, "max": 4}}


@pytest.mark.parametrize(
    ("field", "answers", "named"),
    [
        ("q_antre", ["mungkin"], ["Apakah Anda antre?", "mungkin"]),
        ("q_antre", [], ["Apakah Anda antre?"]),
        ("q_ruang", ["yes"], ["Apakah ruangnya nyaman?"]),
        ("e_waktu", ["9"], ["Waktu penyelesaian", "9"]),
        ("e_p9", ["yes"], ["p9"]),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_in_the_words_of_the_form(field, answers, named):
    sentence = problem_sentence(problems(form({"field": field, "any_of": answers}))[0])
    assert all(words in sentence for words in named), sentence

"""The rules around editing: what is unfit for publication, how an edit is graded, what a survey ever asked."""

import copy
from datetime import UTC, datetime

import pytest

from surveys.branching import Fault, missing_texts, problems
from surveys.changes import Grade, Kind, compare, grade_of
from surveys.definition import build, semantic_hash
from surveys.provenance import Published, asked_in

ELEMENTS = [
    {"code": code, "slot": slot, "required": True, "name": {"id": code}, "question": {"id": f"Bagaimana {code}?"},
     "options": {str(point): {"id": f"Nilai {point}"} for point in range(1, 5)}}
    for slot, code in enumerate(("waktu", "biaya"), start=1)
]  # fmt: skip
QUEUE = {"id": "q1", "code": "p1", "type": "yes_no", "required": False, "label": {"id": "Antre?"}, "help": {"id": ""}}
SOURCE = {
    "id": "q2", "code": "p2", "type": "single", "required": False, "label": {"id": "Dari mana?"}, "help": {"id": ""},
    "choices": [{"code": "a", "label": {"id": "Situs"}}, {"code": "b", "label": {"id": "Teman"}}],
}  # fmt: skip
POINTS = {
    "id": "q3", "code": "p3", "type": "scale", "required": False, "label": {"id": "Kursi?"}, "help": {"id": ""},
    "min": 1, "max": 3, "options": {"1": {"id": "keras"}, "2": {"id": "sedang"}, "3": {"id": "empuk"}},
}  # fmt: skip
TEXT = {"id": "q4", "code": "p4", "type": "text", "required": False, "label": {"id": "Lainnya?"}, "help": {"id": ""}}
ALL = [QUEUE, SOURCE, POINTS, TEXT]


def form(questions=ALL, **changes):
    parts = {"instrument": "skm-2017", "scale": (1, 4), "elements": ELEMENTS, "questions": questions, "comment": {}}
    return build(**(parts | changes))


def with_(question, **changes):
    return [row | changes if row["id"] == question["id"] else row for row in ALL]


def kinds(after, before=None, **kwargs):
    return [change.kind for change in compare(before or form(), after, **kwargs)]


CHANGES = [
    (form(), []),
    (form(with_(QUEUE, label={"id": "Apakah antre?"})), [Kind.REWORDED]),
    (form(with_(QUEUE, label={"id": "Antre?", "en": "Queue?"})), [Kind.TRANSLATED]),
    (form(with_(QUEUE, label={"id": "Antre?", "en": "Antre?"})), []),
    (form(with_(QUEUE, required=True)), [Kind.NOW_REQUIRED]),
    (form(with_(QUEUE, type="text")), [Kind.TYPE]),
    (form(with_(QUEUE, code="p9")), [Kind.CODE]),
    (form(with_(QUEUE, show_if={"field": "e_waktu", "any_of": ["1"]})), [Kind.CONDITION]),
    (form([QUEUE | {"id": "q9"}, *ALL[1:]]), [Kind.ADDED_OPTIONAL, Kind.RETIRED]),
    (form([*ALL, QUEUE | {"id": "q9", "code": "p9", "required": True}]), [Kind.ADDED_REQUIRED]),
    (form(ALL[1:]), [Kind.RETIRED]),
    (form(ALL[::-1]), [Kind.REORDERED]),
    (form(with_(SOURCE, choices=SOURCE["choices"][::-1])), [Kind.CHOICES_REORDERED]),
    (form(with_(SOURCE, choices=SOURCE["choices"][:1])), [Kind.CHOICE_RETIRED]),
    (form(with_(SOURCE, choices=[*SOURCE["choices"], {"code": "c", "label": {"id": "?"}}])), [Kind.CHOICE_ADDED]),
    (form(with_(SOURCE, choices=[{"code": "a", "label": {"id": "Laman"}}, SOURCE["choices"][1]])),
     [Kind.CHOICE_REWORDED]),
    (form(with_(POINTS, max=5)), [Kind.SCALE]),
    (form(with_(TEXT, max_length=20)), [Kind.LIMITS]),
    (form(layout="per_question"), [Kind.PRESENTATION]),
    (form(languages=("id", "jv")), [Kind.PRESENTATION]),
    (form([*ALL, TEXT | {"id": "s1", "code": "s1", "type": "section"}]), [Kind.SECTIONS]),
    (form(profile=("sex",)), [Kind.PROFILE]),
    (form(comment=None), [Kind.COMMENT]),
    (form(scale=(1, 5)), [Kind.OFFICIAL_SCALE]),
    (form(elements=ELEMENTS[:1]), [Kind.OFFICIAL_ELEMENTS]),
    (form(elements=[ELEMENTS[0] | {"slot": 2}, ELEMENTS[1] | {"slot": 1}]), [Kind.OFFICIAL_ELEMENTS]),
    (form(elements=[ELEMENTS[0] | {"question": {"id": "Apakah cepat?"}}, ELEMENTS[1]]), [Kind.OFFICIAL_REWORDED]),
    (form(elements=[ELEMENTS[0] | {"ask_reason_below": 3}, ELEMENTS[1]]), [Kind.REASONS]),
    (form(instrument="skm-2017-daring"), [Kind.INSTRUMENT]),
]  # fmt: skip


@pytest.mark.parametrize(("after", "expected"), CHANGES)
def test_every_difference_is_named(after, expected):
    assert kinds(after) == expected


@pytest.mark.parametrize(("after", "expected"), CHANGES)
def test_wording_is_exactly_what_leaves_the_meaning(after, expected):
    """The grade and the version number are worked out apart; they must never disagree."""
    grade = grade_of(compare(form(), after))
    assert (grade in {None, Grade.WORDING}) is (semantic_hash(after) == semantic_hash(form()))


def test_a_question_that_comes_back_is_recognised_by_its_id():
    before = form(ALL[1:])
    assert kinds(form(), before, published=[QUEUE]) == [Kind.RESTORED]
    assert kinds(form(), before) == [Kind.ADDED_OPTIONAL]


def test_a_question_may_not_come_back_as_another_type():
    after = form([QUEUE | {"type": "text"}, *ALL[1:]])
    assert kinds(after, form(ALL[1:]), published=[QUEUE]) == [Kind.TYPE, Kind.RESTORED]


def test_without_answers_only_identifiers_are_protected():
    assert kinds(form(with_(QUEUE, type="text")), has_answers=False) == []
    assert kinds(form(with_(QUEUE, code="p9")), has_answers=False) == [Kind.CODE]


# --- Unfit for publication ------------------------------------------------------------------------


def asked_if(question, field, *codes, **changes):
    return question | {"show_if": {"field": field, "any_of": list(codes)}, **changes}


def faults(*questions, **changes):
    return [problem.fault for problem in problems(form(list(questions), **changes))]


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ([QUEUE, asked_if(SOURCE, "q_q1", "yes"), asked_if(POINTS, "q_q2", "a"), asked_if(TEXT, "q_q3", "1")], []),
        ([asked_if(TEXT, "e_waktu", "1", "2", required=True)], []),
        ([asked_if(TEXT, "e_kecepatan", "1")], [Fault.UNKNOWN_QUESTION, Fault.UNREACHABLE]),
        ([asked_if(TEXT, "q_q1", "yes"), QUEUE], [Fault.LATER_QUESTION, Fault.UNREACHABLE]),
        ([asked_if(QUEUE, "q_q1", "yes")], [Fault.LATER_QUESTION, Fault.UNREACHABLE]),
        ([TEXT, asked_if(QUEUE, "q_q4", "x")], [Fault.NOT_CHOOSABLE, Fault.UNREACHABLE]),
        ([QUEUE, asked_if(TEXT, "q_q1")], [Fault.NO_CHOICE, Fault.UNREACHABLE]),
        ([QUEUE, asked_if(TEXT, "q_q1", "yes", "maybe")], [Fault.UNKNOWN_CHOICE]),
        ([asked_if(TEXT, "e_waktu", "5", required=True)], [Fault.UNKNOWN_CHOICE, Fault.UNREACHABLE_REQUIRED]),
        ([asked_if(QUEUE, "e_waktu", "5"), asked_if(TEXT, "q_q1", "yes", required=True)],
         [Fault.UNKNOWN_CHOICE, Fault.UNREACHABLE, Fault.UNREACHABLE_REQUIRED]),
        ([QUEUE | {"code": "Waktu"}], [Fault.CODE_TWICE]),
        ([QUEUE, TEXT | {"code": "P1"}], [Fault.CODE_TWICE]),
        ([QUEUE | {"label": {"id": "  "}}], [Fault.EMPTY_LABEL]),
        ([QUEUE | {"label": {"id": "?"}}], [Fault.SIGNS_ONLY]),
        ([QUEUE | {"label": {"id": "ꦲꦤ"}}], []),
        ([QUEUE | {"label": {"id": "a" * 5000}}], [Fault.TOO_LONG]),
        ([TEXT | {"label": {"id": "Tulis NIK Anda"}}], [Fault.FORBIDDEN_REQUEST]),
        ([TEXT | {"label": {"id": "Apa kata sandi Anda?"}}], [Fault.FORBIDDEN_REQUEST]),
        ([TEXT | {"label": {"id": "Your details", "en": "Bank account"}}], [Fault.FORBIDDEN_REQUEST]),
        ([TEXT | {"label": {"id": "Apakah piknik dan sekolah pinggiran?"}}], []),
        ([QUEUE | {"label": {"id": "Apakah diminta fotokopi NIK?"}}], []),
    ],
)  # fmt: skip
def test_what_is_unfit_is_found(questions, expected):
    assert faults(*questions) == expected


def test_official_elements_are_always_asked():
    elements = [ELEMENTS[0] | {"show_if": {"field": "q_q1", "any_of": ["yes"]}}, ELEMENTS[1]]
    assert faults(elements=elements) == [Fault.OFFICIAL_CONDITIONAL]


def test_missing_translations_and_recordings_are_listed():
    translated = {"label": {"id": "Antre?", "en": "Queue?"}, "audio": {"id": "/media/a.mp3"}}
    gaps = missing_texts(form([QUEUE | translated], elements=[], languages=("id", "en", "jv")))
    assert [(gap.language, gap.where, gap.what) for gap in gaps] == [
        ("en", "q1", "audio"), ("jv", "q1", "label"), ("jv", "q1", "audio"),
    ]  # fmt: skip


# --- What was ever asked --------------------------------------------------------------------------


def version(pk, number, questions):
    return Published(pk, number, datetime(2024, pk, 1, tzinfo=UTC), form(copy.deepcopy(questions)))


def test_a_retired_question_and_its_wordings_stay_known():
    versions = [
        version(1, "1.0", [QUEUE, SOURCE]),
        version(2, "1.1", [QUEUE | {"label": {"id": "Apakah antre?"}}, SOURCE]),
        version(3, "2.0", [SOURCE | {"choices": SOURCE["choices"][1:]}]),
    ]
    queue, source = asked_in(versions, current=3)
    assert (queue.id, queue.code, queue.first, queue.last, queue.is_retired) == ("q1", "p1", "1.0", "1.1", True)
    assert [(row.number, row.texts["id"]) for row in queue.wordings] == [("1.0", "Antre?"), ("1.1", "Apakah antre?")]
    assert queue.label_in("1.0", ["1.0", "1.1", "2.0"]) == "Antre?"
    assert (queue.versions, source.versions) == ([1, 2], [1, 2, 3])
    assert (source.is_retired, source.choices["a"].is_retired, source.choices["b"].is_retired) == (False, True, False)
    assert source.choices["a"].label() == "Situs"

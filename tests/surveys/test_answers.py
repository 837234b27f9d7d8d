"""Reading a posted form: what is stored, and what is refused beside its field."""

import pytest

from surveys.answers import Fault, InvalidAnswers, read_answers
from surveys.definition import build, content_hash, field_names, languages_of, layout_of, semantic_hash, text_in

PROFILES = {"sex": ("male", "female"), "age_band": ("17_23",), "education": ("sma",), "occupation": ("other",)}
QUESTIONS = [
    {"id": "q1", "code": "antre", "type": "single", "required": True, "label": {"id": "Antre?"},
     "choices": [{"code": "ya", "label": {"id": "Ya"}}, {"code": "tidak", "label": {"id": "Tidak"}}]},
    {"id": "q2", "code": "cara", "type": "multiple", "label": {"id": "Cara"},
     "choices": [{"code": "a", "label": {"id": "A"}}, {"code": "b", "label": {"id": "B"}}]},
    {"id": "q3", "code": "menit", "type": "number", "label": {"id": "Menit"}, "min": 0, "max": 600},
    {"id": "q4", "code": "kapan", "type": "date", "label": {"id": "Kapan"}},
    {"id": "q5", "code": "nilai", "type": "rating", "label": {"id": "Nilai"}},
    {"id": "q6", "code": "teks", "type": "text", "label": {"id": "Teks"}, "max_length": 5},
    {"id": "q7", "code": "setuju", "type": "consent", "label": {"id": "Setuju"}},
]  # fmt: skip


def definition(**changes):
    elements = [
        {"code": code, "slot": slot, "required": True, "name": {"id": code}, "question": {"id": "?"}, "options": {}}
        for slot, code in enumerate(("waktu", "biaya"), start=1)
    ]
    parts = {
        "instrument": "skm-2017",
        "scale": (1, 4),
        "elements": elements,
        "questions": QUESTIONS,
        "comment": {"label": {"id": "Saran"}, "max_length": 10},
    }
    return build(**(parts | changes))


GOOD = {"e_waktu": ["4"], "e_biaya": ["1"], "q_q1": ["ya"]}


def read(fields, **kwargs):
    return read_answers(definition(), fields, profiles=PROFILES, **kwargs)


def test_a_complete_form_is_read_into_types():
    extra = {"q_q2": ["a", "b"], "q_q3": ["2,5"], "q_q4": ["2024-02-29"], "q_q5": ["0"], "q_q6": [" hai "]}
    answers = read({**GOOD, **extra, "q_q7": "yes", "p_sex": ["female"], "p_age_band": [""], "comment": ["Baik"]})
    assert answers.scores == {"waktu": 4, "biaya": 1}
    assert answers.own == {
        "q1": "ya",
        "q2": ["a", "b"],
        "q3": "2.5",
        "q4": "2024-02-29",
        "q5": 0,
        "q6": "hai",
        "q7": "yes",
    }
    assert (answers.profile, answers.comment, answers.is_complete) == ({"sex": "female"}, "Baik", True)


@pytest.mark.parametrize(
    ("field", "values", "fault"),
    [
        ("e_waktu", ["5"], Fault.OFF_SCALE),
        ("e_waktu", ["0"], Fault.OFF_SCALE),
        ("e_waktu", ["x"], Fault.OFF_SCALE),
        ("e_waktu", ["3.0"], Fault.OFF_SCALE),
        ("e_waktu", ["٤"], Fault.OFF_SCALE),
        ("e_waktu", ["-1"], Fault.OFF_SCALE),
        ("e_waktu", [""], Fault.REQUIRED),
        ("e_waktu", ["3", "4"], Fault.REPEATED),
        ("e_sarana", ["3"], Fault.UNKNOWN_FIELD),
        ("nik", ["3526010101010001"], Fault.UNKNOWN_FIELD),
        ("p_sex", ["x"], Fault.NOT_A_CHOICE),
        ("comment", ["a" * 11], Fault.TOO_LONG),
        ("q_q1", [], Fault.REQUIRED),
        ("q_q1", ["lain"], Fault.NOT_A_CHOICE),
        ("q_q2", ["a", "a"], Fault.REPEATED),
        ("q_q2", ["c"], Fault.NOT_A_CHOICE),
        ("q_q3", ["banyak"], Fault.NOT_A_NUMBER),
        ("q_q3", ["601"], Fault.OUT_OF_RANGE),
        ("q_q4", ["2023-02-29"], Fault.NOT_A_DATE),
        ("q_q5", ["11"], Fault.OFF_SCALE),
        ("q_q6", ["enam huruf"], Fault.TOO_LONG),
        ("q_q7", ["no"], Fault.NOT_A_CHOICE),
    ],
)
def test_a_fault_is_named_beside_its_field(field, values, fault):
    with pytest.raises(InvalidAnswers) as caught:
        read({**GOOD, field: values})
    assert caught.value.faults == {field: fault}


def test_all_faults_are_reported_at_once():
    with pytest.raises(InvalidAnswers) as caught:
        read({"e_waktu": ["9"]})
    assert caught.value.faults == {
        "e_waktu": Fault.OFF_SCALE,
        "e_biaya": Fault.REQUIRED,
        "q_q1": Fault.REQUIRED,
    }


def test_a_partial_form_is_incomplete():
    answers = read({"e_waktu": ["4"], "q_q1": ["ya"]}, partial=True)
    assert (answers.scores, answers.is_complete) == ({"waktu": 4}, False)


def test_control_characters_never_reach_the_database():
    assert read({**GOOD, "comment": ["a\x00b\x0bc\nd"]}).comment == "abc\nd"


def test_the_payload_hash_depends_on_the_content_only():
    assert read(GOOD).payload_hash == read({name: GOOD[name] for name in reversed(GOOD)}).payload_hash
    assert read(GOOD).payload_hash != read({**GOOD, "e_waktu": ["3"]}).payload_hash


# --- Versions -----------------------------------------------------------------------------------


def changed(position, **changes):
    questions = [dict(question) for question in QUESTIONS]
    questions[position].update(changes)
    return definition(questions=questions)


@pytest.mark.parametrize(
    "other",
    [
        changed(0, label={"id": "Apakah antre?", "en": "Did you queue?"}),
        changed(0, choices=QUESTIONS[0]["choices"][::-1]),
        definition(questions=QUESTIONS[::-1]),
        definition(comment={"label": {"id": "Kritik dan saran"}, "max_length": 10}),
    ],
    ids=["wording", "order of choices", "order of questions", "label of the comment"],
)
def test_wording_and_order_change_the_content_but_not_the_meaning(other):
    assert content_hash(other) != content_hash(definition())
    assert semantic_hash(other) == semantic_hash(definition())


@pytest.mark.parametrize(
    "other",
    [
        changed(0, required=False),
        changed(0, choices=QUESTIONS[0]["choices"][:1]),
        changed(2, max=60),
        changed(5, type="long_text"),
        definition(questions=QUESTIONS[1:]),
        definition(scale=(1, 5)),
        definition(profile=("sex",)),
        definition(comment=None),
    ],
    ids=["optional", "choice gone", "range", "type", "question gone", "scale", "profile", "comment"],
)
def test_a_change_of_what_can_be_answered_changes_the_meaning(other):
    assert semantic_hash(other) != semantic_hash(definition())


def test_identifiers_used_twice_are_refused():
    with pytest.raises(ValueError, match="used twice"):
        definition(questions=[QUESTIONS[0], QUESTIONS[0]])
    with pytest.raises(ValueError, match="repeats a choice"):
        changed(0, choices=[QUESTIONS[0]["choices"][0]] * 2)
    with pytest.raises(ValueError, match="Unknown question type"):
        changed(0, type="password")


def test_a_form_knows_its_field_names():
    assert field_names(definition(questions=QUESTIONS[:1], profile=("sex",))) == [
        "e_waktu", "e_biaya", "q_q1", "p_sex", "comment",
    ]  # fmt: skip


# --- Conditions, reasons, texts without answer ----------------------------------------------------

LATER = [
    {"id": "q1", "code": "antre", "type": "yes_no", "required": True, "label": {"id": "Antre?"}},
    {"id": "s1", "code": "bagian", "type": "section", "required": False, "label": {"id": "Tentang antrean"}},
    {"id": "q2", "code": "lama", "type": "scale", "required": True, "label": {"id": "Seberapa lama?"}, "min": 1,
     "max": 3, "show_if": {"field": "q_q1", "any_of": ["yes"]}},
    {"id": "q3", "code": "mengapa", "type": "text", "required": True, "label": {"id": "Mengapa?"},
     "show_if": {"field": "q_q2", "any_of": ["1", "2"]}},
    {"id": "q4", "code": "foto", "type": "photo", "required": False, "label": {"id": "Foto"},
     "show_if": {"field": "e_waktu", "any_of": ["1"]}},
]  # fmt: skip


def conditional(fields, **changes):
    shape = definition(questions=LATER, **changes)
    shape["elements"][0]["ask_reason_below"] = 3
    return read_answers(shape, {"e_waktu": ["1"], "e_biaya": ["1"], **fields}, profiles=PROFILES)


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"q_q1": "no"}, {"q1": "no"}),
        ({"q_q1": "no", "q_q2": "1", "q_q3": "hujan"}, {"q1": "no"}),
        ({"q_q1": "no", "q_q2": "9"}, {"q1": "no"}),
        ({"q_q1": "yes", "q_q2": "3", "q_q3": "hujan"}, {"q1": "yes", "q2": 3}),
        ({"q_q1": "yes", "q_q2": "1", "q_q3": "hujan"}, {"q1": "yes", "q2": 1, "q3": "hujan"}),
        ({"q_q1": "no", "q_q4": "0" * 32}, {"q1": "no", "q4": "0" * 32}),
        ({"e_waktu": "2", "q_q1": "no", "q_q4": "0" * 32}, {"q1": "no"}),
    ],
)
def test_what_was_not_to_be_asked_is_neither_demanded_nor_kept(fields, own):
    assert conditional(fields).own == own


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"q_q1": "yes"}, {"q_q2": Fault.REQUIRED}),
        ({"q_q1": "yes", "q_q2": "2"}, {"q_q3": Fault.REQUIRED}),
        ({"q_q1": "yes", "q_q2": "4"}, {"q_q2": Fault.OFF_SCALE}),
        ({"q_q1": "no", "q_s1": "x"}, {"q_s1": Fault.UNKNOWN_FIELD}),
        ({"q_q1": "no", "q_q4": "../../etc/passwd"}, {"q_q4": Fault.NOT_A_PHOTO}),
        ({"q_q1": "no", "r_biaya": "mahal"}, {"r_biaya": Fault.UNKNOWN_FIELD}),
        ({"q_q1": "no", "r_waktu": "a" * 301}, {"r_waktu": Fault.TOO_LONG}),
    ],
)
def test_what_was_to_be_asked_is_checked(fields, fault):
    with pytest.raises(InvalidAnswers) as caught:
        conditional(fields)
    assert caught.value.faults == fault


def test_a_reason_is_kept_beside_a_low_score_only():
    assert conditional({"q_q1": "no", "r_waktu": " lama "}).reasons == {"waktu": "lama"}
    assert conditional({"q_q1": "no", "e_waktu": "3", "r_waktu": "lama"}).reasons == {}


@pytest.mark.parametrize(
    "other",
    [
        definition(layout="per_question"),
        definition(languages=["id", "jv"]),
        changed(0, audio={"id": "/media/a.mp3"}),
        changed(0, derived_from="q0"),
        definition(questions=[*QUESTIONS, LATER[1]]),
    ],
    ids=["layout", "languages", "audio", "origin", "section"],
)
def test_how_it_is_shown_does_not_change_the_meaning(other):
    assert content_hash(other) != content_hash(definition())
    assert semantic_hash(other) == semantic_hash(definition())


def test_a_condition_changes_the_meaning():
    other = changed(1, show_if={"field": "q_q1", "any_of": ["ya"]})
    assert semantic_hash(other) != semantic_hash(definition())


def test_the_usual_presentation_leaves_no_trace_in_the_definition():
    assert definition(layout="one_page", languages=["en", "id"]) == definition()
    assert (layout_of(definition()), languages_of(definition())) == ("one_page", ["id", "en"])
    assert languages_of(definition(languages=["mad"])) == ["id", "mad"]


def test_a_missing_text_is_indonesian():
    texts = {"id": "Antre?", "en": "", "jv": "Antri?"}
    assert [text_in(texts, language) for language in ("en", "jv", "mad")] == ["Antre?", "Antri?", "Antre?"]

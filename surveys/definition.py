"""The shape of a published questionnaire, and when two of them mean the same.

Covers: building the canonical definition, its two hashes, the names of its form fields.
Leaves out: reading answers against it (``answers.py``), rendering, and who may publish.

    {"schema": 1, "instrument": "skm-2017", "scale": {"min": 1, "max": 4},
     "elements": [{"code", "slot", "required", "name": {lang}, "question": {lang}, "options": {"1": {lang}},
                   "ask_reason_below", "audio": {lang: url}, "overridden": ["question.id"]}],
     "questions": [{"id", "code", "type", "required", "label": {lang}, "help": {lang},
                    "choices": [{"code", "label": {lang}}], "options": {"1": {lang}}, "points": "ids of the options",
                    "min", "max", "max_length",
                    "show_if": {"field": "e_waktu", "any_of": ["1", "2"]}, "audio": {lang: url}, "derived_from"}],
     "profile": ["sex", "age_band", "education", "occupation"],
     "comment": {"max_length": 2000, "label": {lang}} or null,
     "layout": "one_page", "languages": ["id", "en"]}

Identifiers are never derived from a text: an element has its code, a question its immutable id, a choice its code.
Everything from ``ask_reason_below`` on may be missing, and is in questionnaires published earlier; a text may miss any
language but Indonesian. So read them through ``text_in``, ``layout_of``, ``languages_of``.

``rating`` is a scale with words at its ends, ``scale`` one with words at every point, ``section`` a text to read only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCHEMA = 1
PROFILE_FIELDS = ("sex", "age_band", "education", "occupation")
ANSWERED_TYPES = (
    "text",
    "long_text",
    "yes_no",
    "single",
    "multiple",
    "number",
    "date",
    "rating",
    "scale",
    "photo",
    "consent",
)
# A person's own words or pictures; a choice or a number says nothing about anybody.
PERSONAL_TYPES = frozenset({"text", "long_text", "photo"})
SECTION = "section"
QUESTION_TYPES = (*ANSWERED_TYPES, SECTION)
# A survey may be asked in these; Indonesian always, and it stands in for every text that is missing elsewhere.
SOURCE_LANGUAGE = "id"
LANGUAGES = (SOURCE_LANGUAGE, "en", "jv", "mad")
DEFAULT_LANGUAGES = (SOURCE_LANGUAGE, "en")
LAYOUTS = ("one_page", "per_question")
COMMENT_FIELD = "comment"
COMMENT_LENGTH = 2000
# May change without changing what an answer means; so may the order, and a text between the questions.
_WORDING = frozenset({"label", "help", "name", "question", "options", "audio", "layout", "languages"})
_NOTES = frozenset({"ask_reason_below", "overridden", "derived_from"})
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

Definition = dict[str, Any]


def build(
    *,
    instrument: str,
    scale: tuple[int, int],
    elements: Iterable[Mapping[str, Any]],
    questions: Sequence[Mapping[str, Any]] = (),
    profile: Sequence[str] = PROFILE_FIELDS,
    comment: Mapping[str, Any] | None = None,
    layout: str = LAYOUTS[0],
    languages: Sequence[str] = DEFAULT_LANGUAGES,
) -> Definition:
    """A definition in questionnaire order. Raises ValueError on an unknown type or a repeated identifier."""
    definition = {
        "schema": SCHEMA,
        "instrument": instrument,
        "scale": {"min": scale[0], "max": scale[1]},
        "elements": [dict(element) for element in elements],
        "questions": [dict(question) for question in questions],
        "profile": [name for name in PROFILE_FIELDS if name in profile],
        "comment": None if comment is None else {"max_length": COMMENT_LENGTH, **comment},
    }
    # Left out while they are the usual ones: a questionnaire published before they existed is the same as one after.
    if layout != LAYOUTS[0]:
        definition["layout"] = layout
    spoken = [language for language in LANGUAGES if language in {SOURCE_LANGUAGE, *languages}]
    if tuple(spoken) != DEFAULT_LANGUAGES:
        definition["languages"] = spoken
    _check(definition)
    return definition


def _check(definition: Definition) -> None:
    names = field_names(definition) + [row["id"] for row in definition["questions"] if row["type"] == SECTION]
    if len(names) != len(set(names)):
        raise ValueError("An element, question or choice identifier is used twice.")
    if layout_of(definition) not in LAYOUTS:
        raise ValueError(f"Unknown layout: {definition['layout']}")
    for question in definition["questions"]:
        if question["type"] not in QUESTION_TYPES:
            raise ValueError(f"Unknown question type: {question['type']}")
        codes = [choice["code"] for choice in question.get("choices", ())]
        if len(codes) != len(set(codes)):
            raise ValueError(f"Question {question['id']} repeats a choice code.")


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in a language; Indonesian stands in where it is missing."""
    return texts.get(language) or texts.get(SOURCE_LANGUAGE, "")


def layout_of(definition: Definition) -> str:
    layout: str = definition.get("layout", LAYOUTS[0])
    return layout


def languages_of(definition: Definition) -> list[str]:
    """The languages a citizen may choose from, Indonesian first."""
    return list(definition.get("languages", DEFAULT_LANGUAGES))


def answered(definition: Definition) -> list[dict[str, Any]]:
    """The own questions that take an answer."""
    return [question for question in definition["questions"] if question["type"] != SECTION]


def is_asked(question: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether the answers before it (value or list of values by field name) let this question be asked."""
    condition = question.get("show_if")
    if not condition:
        return True
    value = given.get(condition["field"])
    values = value if isinstance(value, list | tuple) else [value]
    return any(str(value) in condition["any_of"] for value in values)


def element_field(code: str) -> str:
    return f"e_{code}"


def reason_field(code: str) -> str:
    """Why a low score was given to the element."""
    return f"r_{code}"


def question_field(identifier: str) -> str:
    return f"q_{identifier}"


def profile_field(name: str) -> str:
    return f"p_{name}"


def field_names(definition: Definition) -> list[str]:
    """Every name a form of this definition may post."""
    names = [element_field(element["code"]) for element in definition["elements"]]
    names += [reason_field(element["code"]) for element in definition["elements"] if element.get("ask_reason_below")]
    names += [question_field(question["id"]) for question in answered(definition)]
    names += [profile_field(name) for name in definition["profile"]]
    return names + ([COMMENT_FIELD] if definition["comment"] else [])


def canonical(value: Any) -> str:
    """One text per meaning: sorted keys, no spaces."""
    return _ENCODER.encode(value)


def content_hash(definition: Definition) -> str:
    """Changes with every letter."""
    return _sha256(canonical(definition))


def semantic_hash(definition: Definition) -> str:
    """Changes when answers would mean something else: not with wording, translations, order or presentation."""
    return _sha256(canonical(_meaning(definition | {"questions": answered(definition)})))


def _meaning(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _meaning(part) for key, part in value.items() if key not in _WORDING | _NOTES}
    if isinstance(value, list):
        return sorted((_meaning(part) for part in value), key=canonical)
    return value


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

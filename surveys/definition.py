"""The shape of a published questionnaire, and when two of them mean the same.

Covers: building the canonical definition, its two hashes, the names of its form fields.
Leaves out: reading answers against it (``answers.py``), rendering, and who may publish.

    {"schema": 1, "instrument": "skm-2017", "scale": {"min": 1, "max": 4},
     "elements": [{"code", "slot", "required", "name": {lang}, "question": {lang}, "options": {"1": {lang}}}],
     "questions": [{"id", "code", "type", "required", "label": {lang}, "help": {lang},
                    "choices": [{"code", "label": {lang}}], "min", "max", "max_length"}],
     "profile": ["sex", "age_band", "education", "occupation"],
     "comment": {"max_length": 2000, "label": {lang}} or null}

Identifiers are never derived from a text: an element has its code, a question its immutable id, a choice its code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCHEMA = 1
PROFILE_FIELDS = ("sex", "age_band", "education", "occupation")
QUESTION_TYPES = ("text", "long_text", "yes_no", "single", "multiple", "number", "date", "rating", "consent")
COMMENT_FIELD = "comment"
COMMENT_LENGTH = 2000
# Texts may change without changing what an answer means; so may the order.
_WORDING = frozenset({"label", "help", "name", "question", "options"})
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
    _check(definition)
    return definition


def _check(definition: Definition) -> None:
    names = field_names(definition)
    if len(names) != len(set(names)):
        raise ValueError("An element, question or choice identifier is used twice.")
    for question in definition["questions"]:
        if question["type"] not in QUESTION_TYPES:
            raise ValueError(f"Unknown question type: {question['type']}")
        codes = [choice["code"] for choice in question.get("choices", ())]
        if len(codes) != len(set(codes)):
            raise ValueError(f"Question {question['id']} repeats a choice code.")


def element_field(code: str) -> str:
    return f"e_{code}"


def question_field(identifier: str) -> str:
    return f"q_{identifier}"


def profile_field(name: str) -> str:
    return f"p_{name}"


def field_names(definition: Definition) -> list[str]:
    """Every name a form of this definition may post."""
    names = [element_field(element["code"]) for element in definition["elements"]]
    names += [question_field(question["id"]) for question in definition["questions"]]
    names += [profile_field(name) for name in definition["profile"]]
    return names + ([COMMENT_FIELD] if definition["comment"] else [])


def canonical(value: Any) -> str:
    """One text per meaning: sorted keys, no spaces."""
    return _ENCODER.encode(value)


def content_hash(definition: Definition) -> str:
    """Changes with every letter."""
    return _sha256(canonical(definition))


def semantic_hash(definition: Definition) -> str:
    """Changes when answers would mean something else: not with wording, translations or order."""
    return _sha256(canonical(_meaning(definition)))


def _meaning(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _meaning(part) for key, part in value.items() if key not in _WORDING}
    if isinstance(value, list):
        return sorted((_meaning(part) for part in value), key=canonical)
    return value


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

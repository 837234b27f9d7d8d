"""Reading a posted form against the questionnaire it was shown under.

Covers: scores on the scale, reasons of low scores, profile, comment and own questions; unknown names, repeated values
and oversized texts are refused; every fault is reported beside its field at once. An answer to a question that was not
to be asked (its condition does not hold), and a reason beside a good score, are dropped: a browser without script shows
all questions, and whoever changes an earlier answer must not be stopped by a later one.
Leaves out: which survey and version the form belongs to, and storing.

Values arrive as text, or lists of text, as a browser posts them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from surveys.definition import (
    COMMENT_FIELD,
    Definition,
    answered,
    canonical,
    element_field,
    field_names,
    is_asked,
    profile_field,
    question_field,
    reason_field,
)

TEXT_LENGTH = 499
LONG_TEXT_LENGTH = 4999
REASON_LENGTH = 300
# The key under which a photo was stored before the form was sent; see services/photos.py.
_PHOTO = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
# PostgreSQL cannot store NUL, spreadsheets cannot hold the other control characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

T = TypeVar("T")
Fields = Mapping[str, str | Sequence[str]]
Profiles = Mapping[str, Collection[str]]


class Fault(StrEnum):
    """Why a field was refused; ``surveys.errors`` holds the sentences."""

    REQUIRED = "required"
    OFF_SCALE = "off_scale"
    UNKNOWN_FIELD = "unknown_field"
    REPEATED = "repeated"
    TOO_LONG = "too_long"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    NOT_A_PHOTO = "not_a_photo"


class FaultyValue(ValueError):
    def __init__(self, fault: Fault):
        super().__init__(fault.value)
        self.fault = fault


class InvalidAnswers(ValueError):
    """The form cannot be stored; ``faults`` maps field names to what is wrong."""

    def __init__(self, faults: Mapping[str, Fault]):
        super().__init__(", ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class Answers:
    """A checked form. ``scores`` by element code; an element left open is absent."""

    scores: dict[str, int]
    profile: dict[str, str] = field(default_factory=dict)
    comment: str = ""
    own: dict[str, Any] = field(default_factory=dict)
    is_complete: bool = True
    # Why a low score was given, by element code.
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def payload_hash(self) -> str:
        """Same content, same hash; the key and the moment are no part of it."""
        parts: dict[str, Any] = {"s": self.scores, "p": self.profile, "c": self.comment, "o": self.own}
        if self.reasons:
            parts["r"] = self.reasons
        return hashlib.sha256(canonical(parts).encode()).hexdigest()


def read_answers(definition: Definition, fields: Fields, *, profiles: Profiles, partial: bool = False) -> Answers:
    """Check a posted form.

    ``profiles`` lists the codes allowed per profile field; ``partial`` accepts questions left open (paper, interrupted
    interviews); without an element the form is an incomplete one. Raises InvalidAnswers with every fault found.
    """
    reader = _Reader(fields)
    reader.refuse_unknown(field_names(definition))
    scores = _read_scores(reader, definition, partial=partial)
    profile = _read_profile(reader, definition, profiles)
    comment = _read_comment(reader, definition)
    own = _read_questions(reader, definition, scores, partial=partial)
    reasons = _read_reasons(reader, definition, scores)
    if reader.faults:
        raise InvalidAnswers(reader.faults)
    complete = all(element["code"] in scores for element in definition["elements"])
    return Answers(scores, profile, comment, own, complete, reasons)


class _Reader:
    """Takes one field after the other and collects what is wrong."""

    def __init__(self, fields: Fields):
        self.fields = fields
        self.faults: dict[str, Fault] = {}

    def refuse_unknown(self, known: Collection[str]) -> None:
        # One fault is enough: a forged form may bring thousands of names.
        unknown = next((name for name in self.fields if name not in known), None)
        if unknown is not None:
            self.faults[unknown[:80]] = Fault.UNKNOWN_FIELD

    def values(self, name: str) -> list[str]:
        given = self.fields.get(name, ())
        values = [given] if isinstance(given, str) else list(given)
        return [text for value in values if (text := value.strip())]

    def one(self, name: str, parse: Callable[[str], T], *, required: bool = False) -> T | None:
        """The single value of a field, or None when it is empty or faulty."""
        values = self.values(name)
        if len(values) > 1:
            self.faults[name] = Fault.REPEATED
            return None
        return self._parsed(name, values[0] if values else "", parse, required=required)

    def _parsed(self, name: str, text: str, parse: Callable[[str], T], *, required: bool) -> T | None:
        if not text:
            if required:
                self.faults[name] = Fault.REQUIRED
            return None
        try:
            return parse(text)
        except FaultyValue as error:
            self.faults[name] = error.fault
            return None


def _read_scores(reader: _Reader, definition: Definition, *, partial: bool) -> dict[str, int]:
    parse = _scale(definition["scale"]["min"], definition["scale"]["max"])
    scores = {}
    for element in definition["elements"]:
        required = element.get("required", True) and not partial
        score = reader.one(element_field(element["code"]), parse, required=required)
        if score is not None:
            scores[element["code"]] = score
    return scores


def _scale(low: int, high: int) -> Callable[[str], int]:
    """A reader of one score: whole, ASCII digits, on the scale."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and low <= int(text) <= high):
            raise FaultyValue(Fault.OFF_SCALE)
        return int(text)

    return parse


def _read_reasons(reader: _Reader, definition: Definition, scores: Mapping[str, int]) -> dict[str, str]:
    reasons = {}
    for element in definition["elements"]:
        code, below = element["code"], element.get("ask_reason_below") or 0
        if scores.get(code, below) < below and (text := reader.one(reason_field(code), _text(REASON_LENGTH))):
            reasons[code] = text
    return reasons


def _read_profile(reader: _Reader, definition: Definition, profiles: Profiles) -> dict[str, str]:
    profile = {}
    for name in definition["profile"]:
        value = reader.one(profile_field(name), _choice(profiles[name]))
        if value is not None:
            profile[name] = value
    return profile


def _read_comment(reader: _Reader, definition: Definition) -> str:
    if not definition["comment"]:
        return ""
    return reader.one(COMMENT_FIELD, _text(definition["comment"]["max_length"])) or ""


def _read_questions(
    reader: _Reader, definition: Definition, scores: Mapping[str, int], *, partial: bool
) -> dict[str, Any]:
    """Values by question id, in the order asked: a condition looks only back."""
    given: dict[str, Any] = {element_field(code): score for code, score in scores.items()}
    own = {}
    for question in answered(definition):
        if not is_asked(question, given):
            continue
        value = _read_question(reader, question, required=question.get("required", False) and not partial)
        if value is not None:
            own[question["id"]] = given[question_field(question["id"])] = value
    return own


def _read_question(reader: _Reader, question: Mapping[str, Any], *, required: bool) -> Any:
    name = question_field(question["id"])
    if question["type"] != "multiple":
        return reader.one(name, _PARSERS[question["type"]](question), required=required)
    values = reader.values(name)
    if len(values) != len(set(values)):
        reader.faults[name] = Fault.REPEATED
    elif required and not values:
        reader.faults[name] = Fault.REQUIRED
    elif not set(values) <= set(_codes(question)):
        reader.faults[name] = Fault.NOT_A_CHOICE
    return values or None


def _codes(question: Mapping[str, Any]) -> list[str]:
    return [choice["code"] for choice in question.get("choices", ())]


def _choice(codes: Collection[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in codes:
            raise FaultyValue(Fault.NOT_A_CHOICE)
        return text

    return parse


def _text(length: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > length:
            raise FaultyValue(Fault.TOO_LONG)
        return _CONTROL.sub("", text)

    return parse


def _number(question: Mapping[str, Any]) -> Callable[[str], str]:
    """Kept as text: a decimal survives JSON unchanged only so."""

    def parse(text: str) -> str:
        plain = text.replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            raise FaultyValue(Fault.NOT_A_NUMBER)
        if not _within(Decimal(plain), question.get("min"), question.get("max")):
            raise FaultyValue(Fault.OUT_OF_RANGE)
        return plain

    return parse


def _within(value: Decimal, low: Any, high: Any) -> bool:
    return (low is None or value >= Decimal(str(low))) and (high is None or value <= Decimal(str(high)))


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise FaultyValue(Fault.NOT_A_DATE) from error


def _photo(text: str) -> str:
    if not _PHOTO.fullmatch(text):
        raise FaultyValue(Fault.NOT_A_PHOTO)
    return text


def _rating(question: Mapping[str, Any]) -> Callable[[str], int]:
    return _scale(question.get("min") or 0, question.get("max") or 10)


_PARSERS: dict[str, Callable[[Mapping[str, Any]], Callable[[str], Any]]] = {
    "text": lambda question: _text(question.get("max_length") or TEXT_LENGTH),
    "long_text": lambda question: _text(question.get("max_length") or LONG_TEXT_LENGTH),
    "yes_no": lambda question: _choice(("yes", "no")),
    "consent": lambda question: _choice(("yes",)),
    "single": lambda question: _choice(_codes(question)),
    "number": _number,
    "date": lambda question: _date,
    "rating": _rating,
    "scale": _rating,
    "photo": lambda question: _photo,
}

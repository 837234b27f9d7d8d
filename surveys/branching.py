"""What would make a questionnaire unfit for publication, found before it is published.

Covers: conditions that name a later, missing or unanswerable question or a choice that is not offered; questions nobody
can reach; identifiers used twice; labels that are empty, only signs, or far too long; requests for things a government
form must not ask. Leaves out what an edit does to stored answers (``changes.py``) and the sentences
(``publishingtexts.py``).

A condition only looks back and nothing jumps, so every path ends at the button: a dead end is a question that no
path reaches. Official elements are always asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.definition import SECTION, SOURCE_LANGUAGE, Definition, element_field, languages_of, question_field

LABEL_LENGTH = 300
# Answers of these types can be listed, so a condition may name them.
CHOOSABLE = frozenset({"yes_no", "consent", "single", "multiple", "rating", "scale"})
# NIK, family card, passwords and codes, bank accounts, the mother's name banks ask for.
_FORBIDDEN = re.compile(
    r"\b(nik|nomor induk kependudukan|(nomor|no\.?) ?(ktp|kk|kartu keluarga|rekening|paspor|kartu kredit)"
    r"|kata sandi|sandi|password|passcode|pin|otp|kode verifikasi|cvv|nama ibu( kandung)?|mother.s maiden name"
    r"|identity (card )?number|national id|bank account|credit card)\b",
    re.IGNORECASE,
)


class Fault(StrEnum):
    UNKNOWN_QUESTION = "unknown_question"
    LATER_QUESTION = "later_question"
    NOT_CHOOSABLE = "not_choosable"
    UNKNOWN_CHOICE = "unknown_choice"
    NO_CHOICE = "no_choice"
    UNREACHABLE = "unreachable"
    UNREACHABLE_REQUIRED = "unreachable_required"
    OFFICIAL_CONDITIONAL = "official_conditional"
    CODE_TWICE = "code_twice"
    EMPTY_LABEL = "empty_label"
    SIGNS_ONLY = "signs_only"
    TOO_LONG = "too_long"
    FORBIDDEN_REQUEST = "forbidden_request"


# Said, not refused: the editor may have a reason.
WARNINGS = frozenset({Fault.UNREACHABLE, Fault.FORBIDDEN_REQUEST})


@dataclass(frozen=True, slots=True)
class Problem:
    """``where`` is a question's id or an element's code; ``detail`` and ``codes`` are what the sentence names."""

    fault: Fault
    where: str
    detail: str = ""
    codes: str = ""

    @property
    def is_warning(self) -> bool:
        return self.fault in WARNINGS


def problems(definition: Definition) -> list[Problem]:
    """Everything wrong, in the order of the form."""
    return [*_element_problems(definition), *_code_problems(definition), *_question_problems(definition)]


def _element_problems(definition: Definition) -> Iterator[Problem]:
    for element in definition["elements"]:
        if element.get("show_if"):
            yield Problem(Fault.OFFICIAL_CONDITIONAL, element["code"])
        yield from _label_problems(element["code"], element["question"], languages_of(definition))


def _code_problems(definition: Definition) -> Iterator[Problem]:
    """Columns of an export carry codes; capitals make no difference there."""
    seen = {element["code"].lower() for element in definition["elements"]}
    for question in definition["questions"]:
        code = question["code"].lower()
        if code in seen:
            yield Problem(Fault.CODE_TWICE, question["id"], question["code"])
        seen.add(code)


def _question_problems(definition: Definition) -> Iterator[Problem]:
    reach = Reach(definition)
    languages = languages_of(definition)
    for question in definition["questions"]:
        yield from _label_problems(question["id"], question["label"], languages)
        yield from _request_problems(question)
        for choice in question.get("choices", ()):
            yield from _label_problems(question["id"], choice["label"], languages)
        yield from reach.visit(question)


def _label_problems(where: str, texts: Mapping[str, str], languages: list[str]) -> Iterator[Problem]:
    if not texts.get(SOURCE_LANGUAGE, "").strip():
        yield Problem(Fault.EMPTY_LABEL, where)
    for language in languages:
        text = texts.get(language, "").strip()
        if len(text) > LABEL_LENGTH:
            yield Problem(Fault.TOO_LONG, where, text[:60])
        elif text and not any(sign.isalnum() for sign in text):
            yield Problem(Fault.SIGNS_ONLY, where, text)


def _request_problems(question: Mapping[str, Any]) -> Iterator[Problem]:
    for text in dict.fromkeys([*question["label"].values(), *question.get("help", {}).values()]):
        found = _FORBIDDEN.search(text)
        if found and question["type"] not in {SECTION, *CHOOSABLE}:
            yield Problem(Fault.FORBIDDEN_REQUEST, question["id"], found.group())
            return


class Reach:
    """Walks the form from its start and remembers what a citizen can have answered so far."""

    def __init__(self, definition: Definition):
        low, high = definition["scale"]["min"], definition["scale"]["max"]
        points = {str(point) for point in range(low, high + 1)}
        self.offered: dict[str, set[str]] = {element_field(row["code"]): points for row in definition["elements"]}
        self.everywhere = {question_field(row["id"]): row for row in definition["questions"]}
        names = {element_field(row["code"]): row["name"] for row in definition["elements"]}
        self.names = names | {field: row["label"] for field, row in self.everywhere.items()}
        self.unreachable: set[str] = set()

    def visit(self, question: Mapping[str, Any]) -> Iterator[Problem]:
        condition = question.get("show_if")
        if condition:
            faults = list(self._condition_faults(question, condition))
            yield from faults
            if self._is_dead(condition, faults):
                self.unreachable.add(question_field(question["id"]))
                fault = Fault.UNREACHABLE_REQUIRED if question.get("required") else Fault.UNREACHABLE
                yield Problem(fault, question["id"], question["label"].get(SOURCE_LANGUAGE, "")[:60])
        if question["type"] in CHOOSABLE:
            self.offered[question_field(question["id"])] = offered_codes(question)

    def _condition_faults(self, question: Mapping[str, Any], condition: Mapping[str, Any]) -> Iterator[Problem]:
        field, wanted = condition["field"], condition["any_of"]
        if field not in self.offered:
            yield Problem(self._why_not(field), question["id"], self._name(field))
        elif not wanted:
            yield Problem(Fault.NO_CHOICE, question["id"], self._name(field))
        else:
            missing = [code for code in wanted if code not in self.offered[field]]
            if missing:
                yield Problem(Fault.UNKNOWN_CHOICE, question["id"], self._name(field), ", ".join(missing))

    def _why_not(self, field: str) -> Fault:
        named = self.everywhere.get(field)
        if named is None:
            return Fault.UNKNOWN_QUESTION
        return Fault.LATER_QUESTION if named["type"] in CHOOSABLE else Fault.NOT_CHOOSABLE

    def _name(self, field: str) -> str:
        """In words; of a question that is not there nothing but its code is known."""
        words = self.names.get(field, {}).get(SOURCE_LANGUAGE, "").strip()
        return words[:60] or field.partition("_")[2]

    def _is_dead(self, condition: Mapping[str, Any], faults: list[Problem]) -> bool:
        field = condition["field"]
        if field in self.unreachable or field not in self.offered:
            return True
        return not set(condition["any_of"]) & self.offered[field]


def offered_codes(question: Mapping[str, Any]) -> set[str]:
    """What a citizen may choose, as posted."""
    kind = question["type"]
    if kind == "yes_no":
        return {"yes", "no"}
    if kind == "consent":
        return {"yes"}
    if kind in {"rating", "scale"}:
        low, high = question.get("min") or 0, question.get("max") or 10
        return {str(point) for point in range(low, high + 1)}
    return {choice["code"] for choice in question.get("choices", ())}


@dataclass(frozen=True, slots=True)
class Gap:
    """A text that citizens of this language read in Indonesian. ``what``: label, help, choice, point, audio."""

    language: str
    where: str
    what: str


def missing_texts(definition: Definition) -> list[Gap]:
    """Translations that are not there, by language; recordings only where some other question has one."""
    spoken = languages_of(definition)
    rows = [*definition["elements"], *definition["questions"]]
    read_aloud = any(row.get("audio") for row in rows)
    return [gap for language in spoken for row in rows for gap in _gaps(row, language, read_aloud=read_aloud)]


def _gaps(row: Mapping[str, Any], language: str, *, read_aloud: bool) -> Iterator[Gap]:
    where = row["id"] if "id" in row else row["code"]
    texts = [("label", row.get("label") or row.get("question") or {}), ("help", row.get("help") or {})]
    texts += [("choice", choice["label"]) for choice in row.get("choices", ())]
    texts += [("point", words) for words in row.get("options", {}).values()]
    wanted = [what for what, words in texts if words.get(SOURCE_LANGUAGE) and not words.get(language)]
    yield from (Gap(language, where, what) for what in dict.fromkeys(wanted))
    if read_aloud and not row.get("audio", {}).get(language):
        yield Gap(language, where, "audio")

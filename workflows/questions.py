"""A topic's own questions: a few typed fields, as data. Nothing in them is executed.

Covers the schema, its limits, what a change may not do, and reading answers. Leaves out forms and storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_QUESTIONS = 12
MOST_CHOICES = 15
LONGEST_LABEL = 200
LONGEST_ANSWER = 500


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class BadQuestions(ValueError):
    """A list that breaks the schema; ``args``: the number of the question and a code."""


@dataclass(frozen=True, slots=True)
class Question:
    """``id`` never changes and is never given to another question; ``choices`` are pairs of code and labels."""

    id: str
    kind: Kind
    label: Mapping[str, str]
    required: bool = False
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @property
    def field(self) -> str:
        return f"x_{self.id}"

    def text(self, language: str) -> str:
        return self.label.get(language) or self.label["id"]

    def choice_texts(self, language: str) -> list[tuple[str, str]]:
        return [(code, label.get(language) or label["id"]) for code, label in self.choices]

    def shown(self, answer: Any, language: str) -> str:
        """An answer in words."""
        if self.kind is Kind.CHOICE:
            return dict(self.choice_texts(language)).get(answer, str(answer))
        return str(answer)


def read_questions(rows: Any) -> tuple[Question, ...]:
    """Raises ``BadQuestions``."""
    if not isinstance(rows, list) or len(rows) > MOST_QUESTIONS:
        raise BadQuestions(0, "too_many")
    questions = tuple(_read(number, row) for number, row in enumerate(rows, start=1))
    if len({question.id for question in questions}) != len(questions):
        raise BadQuestions(0, "twice")
    return questions


def _read(number: int, row: Any) -> Question:
    if not isinstance(row, dict) or set(row) - {"id", "kind", "label", "required", "choices"}:
        raise BadQuestions(number, "shape")
    if row.get("kind") not in {kind.value for kind in Kind} or not _is_code(row.get("id")):
        raise BadQuestions(number, "shape")
    choices = row.get("choices", [])
    if not isinstance(row.get("required", False), bool) or not isinstance(choices, list):
        raise BadQuestions(number, "shape")
    if not _is_label(row.get("label")):
        raise BadQuestions(number, "label")
    return Question(
        row["id"], Kind(row["kind"]), row["label"], row.get("required", False), _choices(number, row["kind"], choices)
    )


def _choices(number: int, kind: str, rows: list[Any]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    if kind != Kind.CHOICE:
        return ()
    if not 2 <= len(rows) <= MOST_CHOICES:
        raise BadQuestions(number, "choices")
    if not all(isinstance(row, dict) and _is_code(row.get("code")) and _is_label(row.get("label")) for row in rows):
        raise BadQuestions(number, "choices")
    if len({row["code"] for row in rows}) != len(rows):
        raise BadQuestions(number, "choices")
    return tuple((row["code"], row["label"]) for row in rows)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 20 and value.isascii() and value.isalnum()


def _is_label(value: Any) -> bool:
    if not isinstance(value, dict) or not value.get("id"):
        return False
    return all(isinstance(text, str) and len(text) <= LONGEST_LABEL for text in value.values())


def misused_ids(new: Sequence[Question], earlier: Sequence[Question]) -> list[str]:
    """Ids that stood for another kind of question before; answers given then would change their meaning."""
    kinds = {question.id: question.kind for question in earlier}
    return [question.id for question in new if kinds.get(question.id, question.kind) is not question.kind]


def answered(questions: Sequence[Question], answers: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Question and answer in words, in the order they were asked."""
    given = [question for question in questions if answers.get(question.id) is not None]
    return [(question.text(language), question.shown(answers[question.id], language)) for question in given]

"""Every question a survey ever asked, and when: read from its frozen questionnaires.

Covers: first and last version of each question and choice, each wording with the version it began in, what is retired.
Leaves out the database (``selectors/questions.py``) and the answers.

A retired question stays here for good: exports and past results name it. A question or choice is retired when the
questionnaire in use does not ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from surveys.definition import SOURCE_LANGUAGE, Definition, answered, text_in

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """How something read from this version on, per language."""

    number: str
    since: datetime
    texts: Texts


@dataclass(slots=True)
class Asked:
    """A question or a choice over all versions of its survey. ``first``, ``last``: version numbers, by publication."""

    code: str
    first: str
    last: str
    wordings: list[Wording] = field(default_factory=list)
    is_retired: bool = True

    def label(self, language: str = SOURCE_LANGUAGE) -> str:
        """As it read last."""
        return text_in(self.wordings[-1].texts, language)

    def label_in(self, number: str, numbers: list[str], language: str = SOURCE_LANGUAGE) -> str:
        """As a respondent of version ``number`` read it; ``numbers`` are the survey's versions by publication."""
        until = numbers.index(number)
        seen = [wording for wording in self.wordings if numbers.index(wording.number) <= until]
        return text_in((seen or self.wordings)[-1].texts, language)

    def _read(self, number: str, at: datetime, texts: Texts) -> None:
        self.last = number
        if not self.wordings or self.wordings[-1].texts != texts:
            self.wordings.append(Wording(number, at, texts))


@dataclass(slots=True)
class AskedQuestion(Asked):
    id: str = ""
    type: str = ""
    choices: dict[str, Asked] = field(default_factory=dict)
    derived_from: str = ""
    # Versions that asked it: an answer under any other is "not asked", not "not answered".
    versions: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Published:
    """A frozen questionnaire, as far as this module reads it."""

    pk: int
    number: str
    at: datetime
    definition: Definition


def asked_in(versions: Iterable[Published], current: int | None) -> list[AskedQuestion]:
    """Own questions in the order in which they first appeared. ``versions`` by publication; ``current`` is in use."""
    found: dict[str, AskedQuestion] = {}
    for version in versions:
        for question in answered(version.definition):
            row = found.setdefault(question["id"], _new(question, version))
            row._read(version.number, version.at, dict(question["label"]))
            row.versions.append(version.pk)
            row.is_retired = row.is_retired and version.pk != current
            _read_choices(row, question, version, is_current=version.pk == current)
    return list(found.values())


def _new(question: Mapping[str, Any], version: Published) -> AskedQuestion:
    return AskedQuestion(
        code=question["code"],
        first=version.number,
        last=version.number,
        id=question["id"],
        type=question["type"],
        derived_from=question.get("derived_from", ""),
    )


def _read_choices(row: AskedQuestion, question: Mapping[str, Any], version: Published, *, is_current: bool) -> None:
    for choice in question.get("choices", ()):
        code = choice["code"]
        seen = row.choices.setdefault(code, Asked(code=code, first=version.number, last=version.number))
        seen._read(version.number, version.at, dict(choice["label"]))
        seen.is_retired = seen.is_retired and not is_current

"""Codes for questions and answers an editor left without one: free ones, and never one that answers are stored under.

Works on what the editor's browser posts, because only there the row still says that nobody chose its code. The codes of
removed questions and answers stay taken: a new one under an old code would take over the old one's answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from surveys.copying import free_code

Question = Mapping[str, Any]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def published_questions(survey: Any) -> list[dict[str, Any]]:
    """The own questions of every version, oldest first; one query, none without a survey."""
    if survey is None:
        return []
    definitions = survey.versions.order_by("published_at", "pk").values_list("definition", flat=True)
    return [question for definition in definitions for question in definition["questions"]]


def choice_codes(published: Iterable[Question]) -> dict[str, list[str]]:
    """By question id, every code an answer of it ever had."""
    found: dict[str, set[str]] = {}
    for question in published:
        for choice in question.get("choices", ()):
            found.setdefault(question["id"], set()).add(choice["code"].lower())
    return {identifier: sorted(codes) for identifier, codes in found.items()}


def with_codes(posted: Any, published: Sequence[Question], field: str = "questions") -> Any:
    """A copy of the posted fields with a code in every row; a published question gets its own back."""
    given = posted.copy()
    known = {question["id"]: question["code"] for question in published}
    chosen = choice_codes(published)
    rows = list(_rows(given, field))
    used = {code.lower() for code in known.values()} | {_code(given, row) for row in rows}
    for row in rows:
        identifier = given.get(f"{row}-id", "")
        if not _code(given, row):
            given[f"{row}-value-code"] = known.get(identifier) or free_code(used)
            used.add(_code(given, row))
        _fill_choices(given, f"{row}-value-choices", chosen.get(identifier, ()))
    return given


def _fill_choices(given: Any, field: str, published: Iterable[str]) -> None:
    rows = list(_rows(given, field))
    used = {*published, *(_code(given, row) for row in rows)}
    free = (letter for letter in _LETTERS if letter not in used)
    for row in rows:
        if not _code(given, row):
            given[f"{row}-value-code"] = next(free, "")


def _rows(given: Mapping[str, Any], field: str) -> Iterator[str]:
    """Prefixes of the rows that were not deleted, in their order on the screen."""
    count = str(given.get(f"{field}-count", ""))
    rows = [f"{field}-{place}" for place in range(min(int(count), 1_000) if count.isdecimal() else 0)]
    kept = [row for row in rows if not given.get(f"{row}-deleted")]
    return iter(sorted(kept, key=lambda row: _number(given.get(f"{row}-order", ""))))


def _number(text: str) -> int:
    return int(text) if str(text).isdecimal() else 0


def _code(given: Mapping[str, Any], row: str) -> str:
    return str(given.get(f"{row}-value-code", "")).strip().lower()

"""The way through a survey that asks one question per page.

Covers: which pages there are for the answers given so far, what each of them asks, and where the buttons lead.
Leaves out: drawing them, and what an answer must be. A page is named after the field of its question.

    start, e_persyaratan, …, q_<id>, …, about, check
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from surveys.definition import (
    COMMENT_FIELD,
    LAYOUTS,
    Definition,
    answered,
    element_field,
    is_asked,
    profile_field,
    question_field,
    reason_field,
)

PER_QUESTION = LAYOUTS[1]
START, ABOUT, CHECK = "start", "about", "check"

Values = Mapping[str, Sequence[str]]


def pages_of(definition: Definition, values: Values) -> list[str]:
    """Every page this respondent meets, in order."""
    names = [element_field(row["code"]) for row in definition["elements"]]
    asked = _asked(definition, values)
    names += [question_field(row["id"]) for row in answered(definition) if asked[row["id"]]]
    about = [ABOUT] if definition["profile"] or definition["comment"] else []
    return [START, *names, *about, CHECK]


def is_shown(definition: Definition, identifier: str, values: Values) -> bool:
    """Whether the conditions let the question or the text with this id be seen."""
    return _asked(definition, values).get(identifier, True)


def _asked(definition: Definition, values: Values) -> dict[str, bool]:
    """By id. The answer to a question that is not asked opens no other."""
    given: dict[str, Any] = {name: list(values.get(name, ())) for name in map(_element, definition["elements"])}
    asked = {}
    for question in definition["questions"]:
        asked[question["id"]] = is_asked(question, given)
        if asked[question["id"]]:
            name = question_field(question["id"])
            given[name] = list(values.get(name, ()))
    return asked


def _element(element: Mapping[str, Any]) -> str:
    return element_field(element["code"])


def fields_of(definition: Definition, page: str) -> list[str]:
    """The fields a page posts."""
    if page == ABOUT:
        profile = [profile_field(name) for name in definition["profile"]]
        return [COMMENT_FIELD, *profile] if definition["comment"] else profile
    if page in (START, CHECK):
        return []
    return [page, reason_field(page.removeprefix("e_"))] if page.startswith("e_") else [page]


def neighbour(pages: Sequence[str], page: str, step: int) -> str:
    """One page on (1) or back (-1); the first and the last have none further. An unknown page is the start."""
    if page not in pages:
        return START
    return pages[min(max(pages.index(page) + step, 0), len(pages) - 1)]


def page_with(definition: Definition, pages: Sequence[str], names: Sequence[str]) -> str:
    """The first page that asks one of these fields; the last one when none does."""
    return next((page for page in pages if set(fields_of(definition, page)) & set(names)), CHECK)

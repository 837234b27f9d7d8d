"""Rules of typing paper forms: which day a batch may bear, which sheets are typed twice, where two entries differ.

Leaves out: storing, and what a field may hold (``answers.py``). Values are lists of text by field name, as a form
posts them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from surveys.agreement import Agreement, Pair, agreement, pooled
from surveys.definition import (
    Definition,
    answered,
    element_field,
    field_names,
    profile_field,
    question_field,
)

Values = Mapping[str, Sequence[str]]
# Where a second typist meets the same few values again; of free text only equality is worth a figure.
_CODED = frozenset({"yes_no", "single", "consent", "rating", "scale"})


class DayFault(StrEnum):
    """Why a day of answering is refused."""

    FUTURE = "future"
    BEFORE_PRINT = "before_print"
    TOO_OLD = "too_old"


def day_fault(day: date, *, today: date, published_on: date, most_days: int) -> DayFault | None:
    """Nobody answers tomorrow, nor on paper that did not exist; what is older than ``most_days`` is a period closed."""
    if day > today:
        return DayFault.FUTURE
    if day < published_on:
        return DayFault.BEFORE_PRINT
    return DayFault.TOO_OLD if day < today - timedelta(days=most_days) else None


def tidy(fields: Values) -> dict[str, list[str]]:
    """What was typed, without what was left empty."""
    stripped = {name: [text for value in values if (text := value.strip())] for name, values in fields.items()}
    return {name: values for name, values in stripped.items() if values}


def sheets_to_check(key: UUID, numbers: Iterable[int], *, share: int) -> list[int]:
    """The sheets a second person types, ``share`` of a hundred and rounded up, in the order to do them.

    The order follows from the batch's key: nobody who types first can tell which sheets will be looked at.
    """
    drawn = sorted(numbers, key=lambda number: hashlib.sha256(f"{key}:{number}".encode()).digest())
    return drawn[: -(-len(drawn) * share // 100)]


def differing(definition: Definition, first: Values, second: Values) -> list[str]:
    """Names of the fields two entries of a sheet do not agree on, in the order of the form."""
    return [name for name in field_names(definition) if _plain(first.get(name)) != _plain(second.get(name))]


def _plain(values: Sequence[str] | None) -> tuple[str, ...]:
    """Order of ticks, spaces and capitals are no mistake."""
    return tuple(sorted(" ".join(value.split()).casefold() for value in values or ()))


def agreement_by_field(definition: Definition, entries: Iterable[tuple[Values, Values]]) -> dict[str, Agreement]:
    """Per field of the form, over the sheets that were typed twice."""
    return {name: agreement(pairs) for name, pairs in _pairs(definition, entries).items()}


def agreement_of_all(definition: Definition, entries: Iterable[tuple[Values, Values]]) -> Agreement:
    """Over all fields with fixed answers; comments and other free text are left out."""
    coded = _coded_fields(definition)
    return pooled({name: pairs for name, pairs in _pairs(definition, entries).items() if name in coded})


def _pairs(definition: Definition, entries: Iterable[tuple[Values, Values]]) -> dict[str, list[Pair]]:
    pairs: dict[str, list[Pair]] = {name: [] for name in paper_fields(definition)}
    for first, second in entries:
        for name, rows in pairs.items():
            rows.append((_plain(first.get(name)), _plain(second.get(name))))
    return pairs


def paper_fields(definition: Definition) -> list[str]:
    """What a sheet of paper can bring: everything but photos."""
    photos = {question_field(row["id"]) for row in definition["questions"] if row["type"] == "photo"}
    return [name for name in field_names(definition) if name not in photos]


def _coded_fields(definition: Definition) -> frozenset[str]:
    names = [element_field(row["code"]) for row in definition["elements"]]
    names += [profile_field(name) for name in definition["profile"]]
    names += [question_field(row["id"]) for row in answered(definition) if row["type"] in _CODED]
    return frozenset(names)

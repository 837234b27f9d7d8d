"""Reading one answer as a device kept and sent it.

Covers: the shape of an item and what is bounded in it. Leaves out: whether the answers fit their questionnaire
(``answers.py``), whether the form was ours (``device_tokens.py``), and which moment on our clock it was given
(``clocks_offline.py``).

    {"key": uuid, "form": signed text, "language": "id", "captured_at": ms, "age": ms or null, "seconds": 95,
     "service": "12" | "other" | "", "fields": {"e_waktu": ["3"], "comment": ["…"]}}

Moments are milliseconds since 1970 by the device's own clock; ``age`` runs by its even counter and is null after a
restart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from surveys.definition import LANGUAGES, SOURCE_LANGUAGE

MAXIMUM_ITEMS = 200
MAXIMUM_FIELDS = 200
LONGEST_VALUE = 20_000
LONGEST_FILLING = 24 * 60 * 60
# A year nobody measures in; a clock beyond it is as wrong as one at it.
_MILLISECONDS = (0, 250_000_000_000_000)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadItem(ValueError):
    """Not an answer at all."""


@dataclass(frozen=True, slots=True)
class Item:
    """``captured_at`` is the device's word, aware; ``service`` is None where nobody was asked."""

    key: UUID
    form: str
    fields: dict[str, list[str]]
    language: str
    captured_at: datetime
    age: timedelta | None
    seconds: int | None
    service_id: int | None


def read_item(given: object) -> Item:
    """Raises BadItem."""
    if not isinstance(given, Mapping):
        raise BadItem("no object")
    try:
        language = given.get("language")
        return Item(
            key=UUID(_text(given.get("key"))),
            form=_text(given.get("form")),
            fields=_fields(given.get("fields")),
            language=language if language in LANGUAGES else SOURCE_LANGUAGE,
            captured_at=moment(given.get("captured_at")),
            age=_age(given.get("age")),
            seconds=_seconds(given.get("seconds")),
            service_id=_service(given.get("service")),
        )
    except (TypeError, ValueError) as error:
        raise BadItem(str(error)[:80]) from error


def moment(value: object) -> datetime:
    """A device's milliseconds as an aware moment. Raises ValueError where it is no number."""
    low, high = _MILLISECONDS
    return _EPOCH + timedelta(milliseconds=max(low, min(high, _number(value))))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return value


def _age(value: object) -> timedelta | None:
    if value is None:
        return None
    return timedelta(milliseconds=max(0, min(_MILLISECONDS[1], _number(value))))


def _seconds(value: object) -> int | None:
    return None if value is None else round(max(0, min(LONGEST_FILLING, _number(value))))


def _service(value: object) -> int | None:
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _fields(value: object) -> dict[str, list[str]]:
    if not isinstance(value, Mapping) or len(value) > MAXIMUM_FIELDS:
        raise ValueError("no fields")
    return {_text(name): _values(given) for name, given in value.items()}


def _values(given: object) -> list[str]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or len(values) > MAXIMUM_FIELDS:
        raise ValueError("no list of texts")
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise ValueError("no text, or too long")
    # Half a pair of surrogates passes JSON and no database.
    return value.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")

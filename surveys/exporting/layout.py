"""The columns of one survey's answers over all its versions, and a stored row turned into them.

Covers: one column per element, profile field, reason and own question that was ever asked; retired ones stay.
Leaves out: reading from the database (``selectors.exports``) and the file formats.

Headings never come from a label: ``e_<element>``, ``r_<element>``, ``q_<question code>``, ``p_<profile field>``; the
others are ours. Two questions that bore one code get the beginning of their ids too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Any

from surveys.definition import PROFILE_FIELDS
from surveys.provenance import AskedQuestion, Published

SLOTS = 14
# What is read of a stored answer, in this order.
FIELDS = (
    "id", "version_id", "period_on", "submitted_at", "captured_at", "seconds", "channel", "language",
    "service_point_id", "service_id", "is_complete", "is_late", "is_verified", "is_flagged", "flags",
    *PROFILE_FIELDS, "comment", "reasons", "answers", *(f"score_{slot}" for slot in range(1, SLOTS + 1)),
)  # fmt: skip
_AT = {name: place for place, name in enumerate(FIELDS)}
_FIRST_SCORE = _AT["score_1"] - 1


class NotAsked:
    """The version this answer was given under did not ask; an empty cell was asked and left open."""

    def __repr__(self) -> str:
        return "not_asked"


NOT_ASKED = NotAsked()


@dataclass(frozen=True, slots=True)
class Column:
    """``kind``: integer, boolean, day, moment, text or value (as given: text, number or a list of codes)."""

    name: str
    kind: str
    group: str
    source: str = ""


SYSTEM = (
    Column("answer_id", "integer", "system"),
    Column("version", "text", "system"),
    Column("day", "day", "system"),
    Column("submitted_at", "moment", "system"),
    Column("captured_at", "moment", "system"),
    Column("seconds", "integer", "system"),
    Column("channel", "text", "system"),
    Column("language", "text", "system"),
    Column("service_point", "text", "system"),
    Column("service", "text", "system"),
    Column("is_complete", "boolean", "system"),
    Column("is_late", "boolean", "system"),
    Column("is_verified", "boolean", "system"),
    Column("is_flagged", "boolean", "system"),
    Column("flags", "text", "system"),
)


@dataclass(frozen=True)
class Layout:
    """``points`` and ``services`` name the places by id; ``zone`` is the region's."""

    versions: Sequence[Published]
    questions: Sequence[AskedQuestion]
    points: Mapping[int, str]
    services: Mapping[int, str]
    zone: tzinfo

    @property
    def elements(self) -> list[str]:
        codes = [row["code"] for version in self.versions for row in version.definition["elements"]]
        return list(dict.fromkeys(codes))

    @property
    def columns(self) -> list[Column]:
        codes = Counter(question.code for question in self.questions)
        names = {q.id: f"q_{q.code}" if codes[q.code] == 1 else f"q_{q.code}_{q.id[:8]}" for q in self.questions}
        return [
            *SYSTEM,
            *(Column(f"p_{name}", "text", "profile", name) for name in PROFILE_FIELDS),
            *(Column(f"e_{code}", "integer", "element", code) for code in self.elements),
            Column("comment", "text", "comment"),
            *(Column(f"r_{code}", "text", "reason", code) for code in self.elements),
            *(Column(names[q.id], "value", "question", q.id) for q in self.questions),
        ]  # fmt: skip

    def reader(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Turns a stored row (``FIELDS``) into the values of ``columns``; made once, called for every row."""
        known = {version.pk: self._of_version(version) for version in self.versions}
        points, services, zone = self.points, self.services, self.zone

        def read(row: Sequence[Any]) -> list[Any]:
            number, places, asks_comment, profile, reasoned, asked, silent, open_ = known[row[1]]
            reasons, own = _loaded(row[_REASONS]), _loaded(row[_ANSWERS])
            return [
                row[0], number, _day(row[2]), _moment(row[3], zone), row[4] and _moment(row[4], zone), *row[5:8],
                points.get(row[8]), services.get(row[9]), *row[10:15],
                *[(row[place] or None) if place else NOT_ASKED for place in profile],
                *places((*row, NOT_ASKED)),
                (row[_COMMENT] or None) if asks_comment else NOT_ASKED,
                *([reasons.get(code) if code else NOT_ASKED for code in reasoned] if reasons else silent),
                *([own.get(identifier) if identifier else NOT_ASKED for identifier in asked] if own else open_),
            ]  # fmt: skip

        return read

    def _of_version(self, version: Published) -> tuple[Any, ...]:
        definition = version.definition
        slots = {row["code"]: _FIRST_SCORE + row["slot"] for row in definition["elements"]}
        reasons = {row["code"] for row in definition["elements"] if row.get("ask_reason_below")}
        reasoned = [code if code in reasons else "" for code in self.elements]
        asked = [q.id if version.pk in q.versions else "" for q in self.questions]
        return (
            version.number,
            _picker([slots.get(code, _UNASKED) for code in self.elements]),
            bool(definition["comment"]),
            [_AT[name] if name in definition["profile"] else 0 for name in PROFILE_FIELDS],
            reasoned,
            asked,
            # Most answers have neither reasons nor own questions; theirs are the same every time.
            [None if code else NOT_ASKED for code in reasoned],
            [None if identifier else NOT_ASKED for identifier in asked],
        )


# Behind the columns of a row stands what was not asked.
_UNASKED = len(FIELDS)
_COMMENT, _REASONS, _ANSWERS = _AT["comment"], _AT["reasons"], _AT["answers"]


def _loaded(text: str | dict[str, Any]) -> dict[str, Any]:
    """Both databases hand out JSON as text when asked directly; most answers have none."""
    if text == "{}" or not text:
        return {}
    return json.loads(text) if isinstance(text, str) else text


def _picker(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """The values at these places of a row, for any number of places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] for place in places]


# Answers come in the order of their days: one day is written thousands of times.
@lru_cache(maxsize=512)
def _day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _moment(value: datetime | str, zone: tzinfo) -> str:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    # SQLite stores moments in UTC without saying so.
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    offset, sign = _offset(zone, value.year, value.month, value.day, value.hour)
    return f"{(value + offset).isoformat(timespec='seconds')}{sign}"


# Looking a zone up costs more than everything else about a row; within an hour it is always the same.
@lru_cache(maxsize=512)
def _offset(zone: tzinfo, year: int, month: int, day: int, hour: int) -> tuple[timedelta, str]:
    local = datetime(year, month, day, hour, tzinfo=UTC).astimezone(zone)
    return local.utcoffset() or timedelta(0), local.isoformat()[19:]

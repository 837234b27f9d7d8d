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
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from operator import itemgetter
from typing import Any

from surveys.definition import PROFILE_FIELDS
from surveys.provenance import AskedQuestion, Published

SLOTS = 14
# What is read of a stored answer, in this order and as plainly as the database can say it: moments and days as text
# (moments in UTC), yes and no as 1 and 0, JSON as text, and None for what is blank.
FIELDS = (
    "id", "version_id", "period_on", "submitted_at", "captured_at", "seconds", "channel", "language",
    "service_point_id", "service_id", "is_complete", "is_late", "is_verified", "is_flagged", "flags",
    *PROFILE_FIELDS, "comment", "reasons", "answers", *(f"score_{slot}" for slot in range(1, SLOTS + 1)),
)  # fmt: skip
_COMMENT, _REASONS, _ANSWERS = (FIELDS.index(name) for name in ("comment", "reasons", "answers"))
# Before the stored columns stands what ``Layout.reader`` makes of them.
_MADE = ("empty", "not_asked", "version", "submitted_at", "captured_at", "service_point", "service")
_EMPTY, _UNASKED = 0, 1
_PLACES = {name: place for place, name in enumerate(FIELDS, start=len(_MADE))}
_PLACES |= {"answer_id": _PLACES["id"], "day": _PLACES["period_on"], **{name: n for n, name in enumerate(_MADE)}}


class NotAsked(str):
    """The version this answer was given under did not ask; an empty cell was asked and left open.

    Writes itself into a spreadsheet. Told from a person's own words by identity, never by equality.
    """

    __slots__ = ()


NOT_ASKED = NotAsked("not_asked")
# Values of ``columns``. A tuple holds nothing people wrote or chose beyond our own codes; a list may.
Row = tuple[Any, ...] | list[Any]


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

    @property
    def fields(self) -> Sequence[str]:
        """What is to be read: ``FIELDS`` up to the last score any version asked for."""
        slots = [row["slot"] for version in self.versions for row in version.definition["elements"]]
        return FIELDS[: FIELDS.index("score_1") + max(slots, default=0)]

    def reader(self) -> Callable[[Sequence[Any]], Row]:
        """Turns a stored row (``fields``) into the values of ``columns``; made once, called for every row."""
        plans = {version.pk: Plan.of(version, self.columns) for version in self.versions}
        point, service, local = self.points.get, self.services.get, local_time(self.zone)
        # Own questions have few answers that many give. Forgotten with the export: they are people's words.
        loaded = lru_cache(maxsize=1024)(json.loads)

        def read(row: Sequence[Any]) -> Row:
            plan = plans[row[1]]
            captured = row[4] and local(row[4])
            made = None, NOT_ASKED, plan.number, local(row[3]), captured, point(row[8]), service(row[9])
            cells = plan.pick((*made, *row))
            if row[_COMMENT] is row[_REASONS] is row[_ANSWERS] is None:
                return cells
            words = list(cells)
            plan.fill(words, plan.reasons, row[_REASONS] and loaded(row[_REASONS]))
            plan.fill(words, plan.questions, row[_ANSWERS] and loaded(row[_ANSWERS]))
            return words

        return read


@dataclass(frozen=True)
class Plan:
    """Where one version's answers have the values of every column; ``pick`` takes a stored row and what is made of it.

    ``reasons`` and ``questions`` name the places of what this version asked: the row's JSON fills them.
    """

    number: str
    pick: Callable[[Sequence[Any]], tuple[Any, ...]]
    reasons: Mapping[str, int]
    questions: Mapping[str, int]

    @classmethod
    def of(cls, version: Published, columns: Sequence[Column]) -> Plan:
        places = _asked(version)
        picked = [places.get((column.group, column.source or column.name), _UNASKED) for column in columns]
        found: dict[str, dict[str, int]] = {"reason": {}, "question": {}}
        for place, column in enumerate(columns):
            if column.group in found and picked[place] != _UNASKED:
                found[column.group][column.source] = place
        return cls(version.number, itemgetter(*picked), found["reason"], found["question"])

    @staticmethod
    def fill(cells: list[Any], places: Mapping[str, int], given: Mapping[str, Any] | None) -> None:
        for name, value in (given or {}).items():
            if name in places:
                cells[places[name]] = value


def _asked(version: Published) -> dict[tuple[str, str], int]:
    """Place of the value by group and source, for everything this version asked."""
    definition = version.definition
    found = {("system", column.name): _PLACES[column.name] for column in SYSTEM}
    found |= {("profile", name): _PLACES[name] for name in definition["profile"]}
    found |= {("element", row["code"]): _PLACES[f"score_{row['slot']}"] for row in definition["elements"]}
    found |= {("reason", row["code"]): _EMPTY for row in definition["elements"] if row.get("ask_reason_below")}
    found |= {("question", row["id"]): _EMPTY for row in definition["questions"]}
    return found | ({("comment", "comment"): _PLACES["comment"]} if definition["comment"] else {})


def local_time(zone: tzinfo) -> Callable[[str], str]:
    """Turns ``2024-05-06 05:00:00[.25]`` in UTC into ``2024-05-06T12:00:00+07:00``."""

    # Looking a zone up costs more than everything else about a row; within an hour it is always the same.
    @lru_cache(maxsize=1024)
    def hour(text: str) -> tuple[str, str] | None:
        found = _in_zone(f"{text}:00:00", zone)
        return (found[:13], found[19:]) if found[13:19] == ":00:00" else None

    def local(text: str) -> str:
        found = hour(text[:13])
        return f"{found[0]}{text[13:19]}{found[1]}" if found else _in_zone(text[:19], zone)

    return local


def _in_zone(text: str, zone: tzinfo) -> str:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(zone).isoformat(timespec="seconds")

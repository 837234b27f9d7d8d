"""A published result as its page, poster and preview show it: the frozen content in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from core.period_words import period_words
from core.periods import any_period_from_key
from surveys import charts
from surveys.index import Compose, QualityBand
from surveys.numbering import Numbering
from surveys.reliability import Verdict
from surveys.templatetags.surveys_tags import grade_word
from surveys.views import result_words as words

COST = "biaya"


@dataclass(frozen=True)
class Row:
    """One line of a small table: a name, its number of forms and, where enough, its index."""

    name: str
    n: int | None
    index: str = ""
    grade: str = ""


class ResultSheet:
    """``content`` as ``frozen_content`` makes it; nothing is computed here but words and lengths of bars."""

    def __init__(self, content: Mapping[str, Any], numbering: Numbering = Numbering.REGULATION):
        self.content, self.numbering = content, numbering
        self.figure = content["figure"]
        self.period = any_period_from_key(content["period"]["key"])
        self.first, self.last = (date.fromisoformat(content["period"][name]) for name in ("from", "to"))

    @property
    def name(self) -> str:
        return str(self.content["subject"]["name"])

    @property
    def agency(self) -> str:
        """The agency of a service; empty where the name says it all."""
        subject = self.content["subject"]
        return str(subject["agency"]) if subject["kind"] == "service" else ""

    @property
    def region(self) -> str:
        return str(self.content["subject"]["region"])

    @property
    def period_words(self) -> str:
        return period_words(self.period)

    @property
    def index(self) -> str:
        return words.decimal(self.figure["index"])

    @property
    def grade(self) -> str:
        return str(self.figure["grade"])

    @property
    def grade_word(self) -> str:
        return _grade_word(self.figure)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """Elements in the numbering chosen, in the shape of ``includes/index_elements.html``."""
        key = "list_order" if self.numbering is Numbering.REGULATION else "questionnaire_order"
        rows = sorted(self.content["elements"], key=lambda row: row[key])
        return [_line(row, row[key]) for row in rows]

    @property
    def numbering_differs(self) -> bool:
        return any(row["list_order"] != row["questionnaire_order"] for row in self.content["elements"])

    @property
    def has_cost(self) -> bool:
        return any(row["code"] == COST for row in self.content["elements"])

    @property
    def method(self) -> list[str]:
        return words.method_sentences(self.content)

    @property
    def sample(self) -> str:
        return words.sample_sentence(self.content["sample"])

    @property
    def interval(self) -> str:
        return words.interval_sentence(self.content["statistics"])

    @property
    def quality(self) -> list[str]:
        return words.quality_sentences(self.content["quality"], self.figure["collected"])

    @property
    def alpha(self) -> dict[str, str] | None:
        statistics = self.content["statistics"]
        verdict = statistics["alpha_verdict"]
        if verdict is None:
            return None
        return {"value": words.decimal(statistics["alpha"]), "verdict": str(words.ALPHA[Verdict(verdict)])}

    @cached_property
    def validity(self) -> list[dict[str, Any]]:
        """Elements with their correlation, verdict and place in the matrix."""
        statistics = self.content["statistics"]
        places = {row["code"]: row for row in statistics["matrix"]}
        names = {line["code"]: line["name"] for line in self.lines}
        return [
            {
                "name": names.get(row["code"], row["code"]),
                "r": words.decimal(row["r"]),
                "verdict": words.VALIDITY[Verdict(row["verdict"])],
                "advice": _advice(places.get(row["code"])),
                "near_line": bool(places.get(row["code"], {}).get("near_line")),
            }
            for row in statistics["validity"]
        ]

    @property
    def critical(self) -> str:
        return words.decimal(self.content["statistics"]["critical"])

    @cached_property
    def parts(self) -> dict[str, list[Row]]:
        """By channel, verified and open, with and without marked answers; a single part would repeat the whole."""
        tables = {name: [_part(row) for row in self.content[name]] for name in ("visits", "flags", "channels")}
        return {name: rows for name, rows in tables.items() if len(rows) > 1}

    @cached_property
    def profile(self) -> list[tuple[str, list[Row]]]:
        """Who answered; a field nobody filled in is left out."""
        found = []
        for name, title in words.PROFILE_TITLES.items():
            rows = sorted(self.content["profile"][name], key=lambda row: words.profile_place(name, row["key"]))
            if any(row["key"] for row in rows):
                found.append((str(title), [Row(words.profile_name(name, row["key"]), row["n"]) for row in rows]))
        return found

    @property
    def is_mean(self) -> bool:
        """The tables of parts pool everybody; the figure of a mean differs from them."""
        return bool(self.content["method"]["compose"] != Compose.POOLED)

    @property
    def hides_something(self) -> bool:
        """Whether a small number was left out anywhere."""
        parts = [row for rows in self.parts.values() for row in rows]
        people = [row for _title, rows in self.profile for row in rows]
        return any(row.n is None for row in (*parts, *people)) or any(row.n and not row.index for row in parts)


def _line(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {
        "code": row["code"],
        "number": number,
        "name": row["name_en"] if get_language() == "en" else row["name"],
        "is_cost": row["code"] == COST,
        "n": row["n"],
        "total": row["total"],
        "nrr": words.decimal(row["nrr"]),
        "weighted": words.decimal(row["weighted"]),
        "index": words.decimal(row["index"]),
        "grade": row["grade"],
        "label": _grade_word(row),
        "width": charts.bar_width(None if row["index"] is None else Fraction(row["index"])),
    }


def _part(row: Mapping[str, Any]) -> Row:
    name = str(words.PART_NAMES.get(row["key"], row["key"]))
    return Row(name, row["n"], words.decimal(row["index"]) if row["index"] else "", row["grade"])


def _advice(place: Mapping[str, Any] | None) -> str:
    return str(words.QUADRANTS[place["quadrant"]]) if place else ""


def _grade_word(row: Mapping[str, Any]) -> str:
    if not row["grade"]:
        return ""
    # Only the letter and the label are needed of a frozen grade.
    return grade_word(QualityBand(row["grade"], row["label"], lower=0))  # type: ignore[arg-type]

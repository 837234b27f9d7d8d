"""A questionnaire as short fields for somebody who types from paper, in the order it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.answers import REASON_LENGTH
from surveys.definition import (
    COMMENT_FIELD,
    Definition,
    answered,
    element_field,
    profile_field,
    question_field,
    reason_field,
    text_in,
)
from surveys.services.publishing import PROFILE_CHOICES

Row = dict[str, Any]
Values = Mapping[str, Sequence[str]]
_INPUTS = {"number": "number", "date": "date", "text": "text", "long_text": "long"}


def entry_rows(definition: Definition, values: Values, errors: Mapping[str, Any]) -> dict[str, list[Row]]:
    """``profile``, ``digits``, ``own``, ``reasons`` and ``comment``: each a list of fields to type."""
    groups = {
        "profile": [_profile(name) for name in definition["profile"]],
        "digits": [_element(number, row, definition) for number, row in enumerate(definition["elements"], start=1)],
        "own": [_own(question) for question in answered(definition) if question["type"] != "photo"],
        "reasons": [_reason(row) for row in definition["elements"] if row.get("ask_reason_below")],
        "comment": _comment(definition),
    }
    for rows in groups.values():
        for row in rows:
            _fill(row, values, errors)
    return groups


def field_labels(definition: Definition) -> dict[str, str]:
    """A short name per field, for the list of differences and the agreement figures."""
    groups = entry_rows(definition, {}, {})
    labels = {row["name"]: row["label"] for rows in groups.values() for row in rows}
    reasons = {row["name"]: _("Reason: %(element)s") % {"element": row["label"]} for row in groups["reasons"]}
    return labels | reasons


def said(definition: Definition, name: str, values: Sequence[str]) -> str:
    """What was typed into a field, in words where the field has fixed answers."""
    rows = [row for group in entry_rows(definition, {}, {}).values() for row in group if row["name"] == name]
    words = {option["value"]: option["label"] for row in rows for option in row.get("options", ())}
    return ", ".join(words.get(value, value) for value in values)


def _profile(name: str) -> Row:
    titles = {"sex": _("Sex"), "age_band": _("Age"), "education": _("Education"), "occupation": _("Occupation")}
    options = _numbered(PROFILE_CHOICES[name])
    return {"name": profile_field(name), "label": titles[name], "kind": "select", "options": options}


def _element(number: int, element: Mapping[str, Any], definition: Definition) -> Row:
    scale = definition["scale"]
    points = [str(point) for point in range(scale["min"], scale["max"] + 1)]
    return {
        "name": element_field(element["code"]),
        "label": f"{number}. {text_in(element['name'], 'id')}",
        "kind": "digit",
        "low": scale["min"],
        "high": scale["max"],
        "options": [
            {"value": value, "label": f"{value} {text_in(element['options'][value], 'id')}"} for value in points
        ],
    }


def _own(question: Mapping[str, Any]) -> Row:
    kind = question["type"]
    row: Row = {"name": question_field(question["id"]), "label": text_in(question["label"], "id")}
    if kind in ("rating", "scale"):
        return row | {"kind": "digit", "low": question.get("min") or 0, "high": question.get("max") or 10}
    if kind in _INPUTS:
        return row | {"kind": _INPUTS[kind], "max_length": question.get("max_length")}
    choices = {"yes_no": [("yes", _("Yes")), ("no", _("No"))], "consent": [("yes", _("I agree"))]}.get(kind)
    given = choices or [(choice["code"], text_in(choice["label"], "id")) for choice in question.get("choices", ())]
    return row | {"kind": "ticks" if kind == "multiple" else "select", "options": _numbered(given)}


def _reason(element: Mapping[str, Any]) -> Row:
    return {
        "name": reason_field(element["code"]),
        "label": text_in(element["name"], "id"),
        "kind": "text",
        "max_length": REASON_LENGTH,
    }


def _comment(definition: Definition) -> list[Row]:
    if not definition["comment"]:
        return []
    row = {"name": COMMENT_FIELD, "label": _("Suggestion or comment"), "kind": "long"}
    return [row | {"max_length": definition["comment"]["max_length"]}]


def _numbered(choices: Sequence[tuple[str, Any]]) -> list[Row]:
    """The number stands on paper beside the box; typed into a list, it chooses without a script."""
    return [{"value": code, "label": f"{number} {label}"} for number, (code, label) in enumerate(choices, start=1)]


def _fill(row: Row, values: Values, errors: Mapping[str, Any]) -> None:
    given = list(values.get(row["name"], ()))
    row["value"], row["values"], row["error"] = given[0] if given else "", given, errors.get(row["name"], "")

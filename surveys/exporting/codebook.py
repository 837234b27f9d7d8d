"""What every column of an export means: identifiers, wordings by version, choices, missing values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.definition import text_in

from .layout import Column, Layout

HEADINGS = (
    "column",
    "group",
    "kind",
    "id",
    "code",
    "type",
    "first_version",
    "last_version",
    "retired",
    "texts",
    "choices",
)
# In every format, so that a file explains itself without this system.
NOTES = (
    ("not_asked", "The version this answer was given under did not ask the question (CSV and XLSX; in JSON Lines the"
     " name is absent; in Parquet the cell is empty and the column is named in not_asked)."),
    ("(empty)", "The question was asked and left open, or does not apply."),
    ("'", "In CSV and XLSX a text that a spreadsheet would run begins with an apostrophe. Taking one apostrophe away"
     " from a text that begins with apostrophes followed by = + - @, a tab or a line break gives the original."
     " JSON Lines and Parquet hold every text unchanged."),
    ("|", "Separates the choices of a question with several (CSV and XLSX)."),
    ("e_", "Score of an official element, on the scale of its questionnaire."),
    ("r_", "Reason given for a low score of an element."),
    ("q_", "Own question of the survey."),
    ("p_", "Profile of the respondent."),
    ("day", "Local day the answer counts for."),
    ("flags", "Signs of how the answer came about; no answer is dropped for them."),
)  # fmt: skip


def codebook(layout: Layout) -> list[dict[str, Any]]:
    """One entry per column, in the order of the export."""
    elements = _elements(layout)
    questions = {question.id: question for question in layout.questions}
    return [_entry(column, elements, questions) for column in layout.columns]


def _entry(column: Column, elements: Mapping[str, Any], questions: Mapping[str, Any]) -> dict[str, Any]:
    entry = {"column": column.name, "group": column.group, "kind": column.kind, "id": column.source}
    if column.group == "element":
        return entry | elements[column.source]
    if column.group != "question":
        return entry
    question = questions[column.source]
    return entry | {
        "code": question.code,
        "type": question.type,
        "first_version": question.first,
        "last_version": question.last,
        "retired": question.is_retired,
        "texts": {row.number: row.texts for row in question.wordings},
        "choices": {
            code: {"texts": {row.number: row.texts for row in choice.wordings}, "retired": choice.is_retired}
            for code, choice in question.choices.items()
        },
    }


def _elements(layout: Layout) -> dict[str, dict[str, Any]]:
    """Each element with the versions its text changed in."""
    found: dict[str, dict[str, Any]] = {}
    for version in layout.versions:
        for row in version.definition["elements"]:
            entry = found.setdefault(
                row["code"], {"code": row["code"], "type": "element", "first_version": version.number, "texts": {}}
            )
            entry["last_version"] = version.number
            if list(entry["texts"].values())[-1:] != [row["question"]]:
                entry["texts"][version.number] = row["question"]
            entry["choices"] = {score: {"texts": {version.number: texts}} for score, texts in row["options"].items()}
    last = layout.versions[-1].number if layout.versions else ""
    return {code: entry | {"retired": entry["last_version"] != last} for code, entry in found.items()}


def codebook_rows(layout: Layout) -> list[list[str]]:
    """The same as a flat table: the wordings of all versions in one cell, oldest first."""
    rows = [[_flat(entry.get(name, "")) for name in HEADINGS] for entry in codebook(layout)]
    notes = [[mark, "note", "", "", "", "", "", "", "", text, ""] for mark, text in NOTES]
    return rows + notes


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return " | ".join(_named(key, part) for key, part in value.items())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _named(key: str, part: Mapping[str, Any]) -> str:
    texts = part.get("texts")
    if texts is None:
        return f"{key}: {text_in(part, 'id')}"
    return f"{key} = {text_in(list(texts.values())[-1], 'id')}"

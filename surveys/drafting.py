"""From an editor's draft to the definition it would publish. Reads the instrument it is given, stores nothing.

Covers: the instrument's locked elements with the survey's own words laid over them, the own questions, how it is shown.
Leaves out: freezing (``services/versions.py``) and whether it may be published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from surveys.blocks import as_questions
from surveys.definition import DEFAULT_LANGUAGES, LAYOUTS, PROFILE_FIELDS, Definition, build
from surveys.officialblocks import as_wordings

# The official instrument in force.
DEFAULT_INSTRUMENT = "skm-2017"
# What of a page goes into its definition.
DRAFT_FIELDS = (
    "questions",
    "official_wording",
    "question_origins",
    "asks_profile",
    "asks_comment",
    "asks_reason",
    "layout",
    "languages",
)


def define(
    *,
    instrument_version: Any,
    questions: Sequence[Mapping[str, Any]] = (),
    profile: Sequence[str] = PROFILE_FIELDS,
    comment: Mapping[str, Any] | None = None,
    wordings: Mapping[str, Mapping[str, Any]] | None = None,
    asks_reason: bool = False,
    layout: str = LAYOUTS[0],
    languages: Sequence[str] = DEFAULT_LANGUAGES,
) -> Definition:
    """The definition a survey would publish: the locked official elements and its own questions.

    ``wordings`` (by element code) replaces texts of the elements, per language; nothing else about them can change.
    """
    scale = (instrument_version.scale_min, instrument_version.scale_max)
    below = lower_half(*scale) if asks_reason else None
    elements = [
        _element(element, (wordings or {}).get(element.code, {}), below)
        for element in instrument_version.elements.order_by("questionnaire_order")
    ]
    return build(
        instrument=instrument_version.code,
        scale=scale,
        elements=elements,
        questions=questions,
        profile=profile,
        comment=comment,
        layout=layout,
        languages=languages,
    )


def lower_half(low: int, high: int) -> int:
    """Scores below this are low: 1 and 2 of 1 to 4, 1 and 2 of 1 to 5."""
    return low + (high - low + 1) // 2


def _element(element: Any, words: Mapping[str, Any], below: int | None) -> dict[str, Any]:
    question, options = words.get("question") or {}, words.get("options") or {}
    # Only the points the scale has: a word for a fifth answer of four would make one.
    replaced = {point: given | options.get(point, {}) for point, given in element.options.items()}
    overridden = [f"question.{language}" for language in question]
    overridden += [f"options.{point}" for point in sorted(options) if point in element.options]
    row = {
        "code": element.code,
        "slot": element.slot,
        "required": True,
        "name": {"id": element.name, "en": element.name_en},
        "question": element.question | question,
        "options": replaced,
    }
    optional = {"ask_reason_below": below, "audio": words.get("audio"), "overridden": overridden}
    return row | {name: part for name, part in optional.items() if part}


def draft_definition(instrument_version: Any, values: Mapping[str, Any]) -> Definition:
    """What a page with these values (``DRAFT_FIELDS``) asks. Raises ValueError when identifiers repeat."""
    return define(
        instrument_version=instrument_version,
        questions=as_questions(values["questions"], values["question_origins"]),
        profile=PROFILE_FIELDS if values["asks_profile"] else (),
        comment={} if values["asks_comment"] else None,
        wordings=as_wordings(values["official_wording"]),
        asks_reason=values["asks_reason"],
        layout=values["layout"],
        languages=values["languages"],
    )

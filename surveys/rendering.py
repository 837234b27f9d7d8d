"""The questions of a definition as HTML, in one language.

Rendered once when a questionnaire is published and kept beside it; again only when somebody's answers have to be shown
with messages. Covers the questions, their order and their numbering. Leaves out the frame, the token and the button.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.answers import LONG_TEXT_LENGTH, TEXT_LENGTH
from surveys.definition import COMMENT_FIELD, Definition, element_field, profile_field, question_field

TEMPLATE = "surveys/includes/questions.html"
LANGUAGES = ("id", "en")
FACES = 4
_TEXT_LENGTHS = {"text": TEXT_LENGTH, "long_text": LONG_TEXT_LENGTH}

Values = Mapping[str, Sequence[str]]
Choices = Mapping[str, Sequence[tuple[str, Any]]]
Step = dict[str, Any]


@cache
def fingerprint() -> str:
    """Changes when a release draws or words the questions differently; kept HTML from before is then made again."""
    templates = (settings.BASE_DIR / "templates" / "surveys" / "includes").glob("question*")
    catalogues = (settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.mo")
    digest = hashlib.sha256()
    for path in sorted([*templates, *catalogues]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def render_questions(
    definition: Definition,
    language: str,
    *,
    profiles: Choices,
    values: Values | None = None,
    errors: Mapping[str, Any] | None = None,
) -> str:
    """HTML of all questions; ``values`` are refilled and ``errors`` (sentence by field) stand beside them."""
    given, faults = values or {}, errors or {}
    with translation.override(language):
        context = {
            "steps": numbered_steps(definition, language, given, faults),
            "extra": _extra(definition, language, profiles, given, faults),
        }
        html = render_to_string(TEMPLATE, context)
    # What is kept is sent to every phone; somebody's own text keeps its lines.
    return html if given else " ".join(html.split())


def numbered_steps(definition: Definition, language: str, values: Values, errors: Mapping[str, Any]) -> list[Step]:
    """Official elements first, then the survey's own questions; each is one screen."""
    scale = definition["scale"]
    steps = [_element_step(element, scale, language) for element in definition["elements"]]
    steps += [_question_step(question, language) for question in definition["questions"]]
    for number, step in enumerate(steps, start=1):
        progress = _("%(number)s of %(total)s") % {"number": number, "total": len(steps)}
        step |= {"number": number, "next": number + 1, "progress": progress}
        _fill(step, values, errors)
    return steps


def _element_step(element: Mapping[str, Any], scale: Mapping[str, int], language: str) -> Step:
    options = [
        _point(point, element["options"][str(point)][language], scale["min"], scale["max"])
        for point in range(scale["min"], scale["max"] + 1)
    ]
    return {
        "name": element_field(element["code"]),
        "kind": "scale",
        "legend": element["question"][language],
        "required": element.get("required", True),
        "options": options,
    }


def _point(point: int, label: str, low: int, high: int) -> dict[str, Any]:
    """One card of a scale; any scale is spread over the four faces."""
    face = 1 + round((point - low) * (FACES - 1) / (high - low))
    return {"value": str(point), "label": label, "number": point, "face": face}


def _question_step(question: Mapping[str, Any], language: str) -> Step:
    kind = question["type"]
    step = {
        "name": question_field(question["id"]),
        "kind": _KINDS.get(kind, kind),
        "legend": question["label"][language],
        "hint": question["help"][language],
        "required": question["required"],
        "options": _options(question, language),
        "max_length": question.get("max_length") or _TEXT_LENGTHS.get(kind),
    }
    # Which of a number's limits exist is up to the editor.
    return step | {name: question[name] for name in ("min", "max") if question.get(name) is not None}


_KINDS = {"rating": "scale", "yes_no": "radio", "consent": "radio", "single": "radio", "multiple": "checkbox"}


def _options(question: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    kind = question["type"]
    if kind == "yes_no":
        return [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    if kind == "consent":
        return [{"value": "yes", "label": _("I agree")}]
    if kind == "rating":
        low, high, words = question["min"], question["max"], question.get("options", {})
        labels = {point: words.get(str(point), {}).get(language, "") for point in range(low, high + 1)}
        return [_point(point, label, low, high) for point, label in labels.items()]
    return [{"value": row["code"], "label": row["label"][language]} for row in question.get("choices", ())]


def _extra(
    definition: Definition, language: str, profiles: Choices, values: Values, errors: Mapping[str, Any]
) -> dict[str, Any]:
    """The last screen: profile and comment, both optional and unnumbered."""
    names = {"sex": _("Sex"), "age_band": _("Age"), "education": _("Education"), "occupation": _("Occupation")}
    fields = []
    for name in definition["profile"]:
        options = [{"value": value, "label": label} for value, label in profiles[name]]
        field = {"name": profile_field(name), "kind": "select", "legend": names[name], "options": options}
        fields.append(_fill(field, values, errors))
    return {"profile": fields, "comment": _comment(definition["comment"], language, values, errors)}


def _comment(
    comment: Mapping[str, Any] | None, language: str, values: Values, errors: Mapping[str, Any]
) -> Step | None:
    if comment is None:
        return None
    label = comment.get("label") or {}
    legend = label.get(language) or _("Suggestion or comment")
    step = {"name": COMMENT_FIELD, "kind": "long_text", "legend": legend, "max_length": comment["max_length"]}
    return _fill(step, values, errors)


def _fill(step: Step, values: Values, errors: Mapping[str, Any]) -> Step:
    """Put back what was typed or chosen, and the message."""
    given = [str(value) for value in values.get(step["name"], ())]
    step["value"], step["error"] = given[0] if given else "", errors.get(step["name"], "")
    for option in step.get("options", ()):
        option["chosen"] = option["value"] in given
    return step

"""The questions of a definition as HTML, in one language.

Rendered once when a questionnaire is published and kept beside it; again only when somebody's answers have to be shown
with messages, or one question fills a page. Covers the questions, their order and their numbering. Leaves out the
frame, the token and the button.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.definition import COMMENT_FIELD, Definition, profile_field, text_in
from surveys.question_steps import Step, Values, fill, steps_of

TEMPLATE = "surveys/includes/questions.html"

Choices = Mapping[str, Sequence[tuple[str, Any]]]


@cache
def fingerprint() -> str:
    """Changes when a release draws or words the questions differently; kept HTML from before is then made again."""
    templates = settings.BASE_DIR / "templates" / "surveys" / "includes"
    catalogues = (settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.mo")
    code = [Path(__file__), Path(__file__).with_name("question_steps.py")]
    digest = hashlib.sha256()
    for path in sorted([*templates.glob("question*"), templates / "faces.svg", *catalogues, *code]):
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
            "steps": steps_of(definition, language, given, faults),
            "extra": extra_of(definition, language, profiles, given, faults),
        }
        html = render_to_string(TEMPLATE, context)
    # What is kept is sent to every phone; somebody's own text keeps its lines.
    return html if given else " ".join(html.split())


def extra_of(
    definition: Definition, language: str, profiles: Choices, values: Values, errors: Mapping[str, Any]
) -> dict[str, Any]:
    """The last screen: profile and comment, both optional and unnumbered."""
    names = profile_titles()
    fields = []
    for name in definition["profile"]:
        options = [{"value": value, "label": label} for value, label in profiles[name]]
        field = {"name": profile_field(name), "kind": "select", "legend": names[name], "options": options}
        fields.append(fill(field, values, errors))
    return {"profile": fields, "comment": _comment(definition["comment"], language, values, errors)}


def profile_titles() -> dict[str, str]:
    return {"sex": _("Sex"), "age_band": _("Age"), "education": _("Education"), "occupation": _("Occupation")}


def _comment(
    comment: Mapping[str, Any] | None, language: str, values: Values, errors: Mapping[str, Any]
) -> Step | None:
    if comment is None:
        return None
    legend = text_in(comment.get("label") or {}, language) or _("Suggestion or comment")
    step = {"name": COMMENT_FIELD, "kind": "long_text", "legend": legend, "max_length": comment["max_length"]}
    return fill(step, values, errors)

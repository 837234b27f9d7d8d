"""What is about to be sent, a line per question: the last page before an answer is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.definition import COMMENT_FIELD, Definition, profile_field
from surveys.question_steps import Step, Values
from surveys.rendering import profile_titles
from surveys.services.publishing import PROFILE_CHOICES
from surveys.walk import ABOUT


def lines_of(definition: Definition, steps: Sequence[Step], pages: Sequence[str], values: Values) -> list[dict]:
    """``page`` is where the answer may be changed."""
    lines = [_line(step, values) for step in steps if step["name"] in pages]
    return lines + (list(_about(definition, values)) if ABOUT in pages else [])


def _line(step: Step, values: Values) -> dict[str, Any]:
    given = values.get(step["name"], ())
    chosen = [_words(option) for option in step["options"] if option["value"] in given]
    texts = chosen if step["options"] else [value for value in given if value.strip()]
    if step["kind"] == "photo" and texts:
        texts = [_("A photo")]
    is_low = any(option.get("is_low") for option in step["options"] if option["chosen"])
    reason = step["reason"]["value"] if is_low and step["reason"] else ""
    return {"page": step["name"], "title": step["title"], "lang": step["lang"], "answers": texts, "reason": reason}


def _words(option: dict[str, Any]) -> str:
    """A point of a scale by number and word."""
    number, label = option.get("number"), str(option["label"])
    if number is None:
        return label
    return f"{number} – {label}" if label else str(number)


def _about(definition: Definition, values: Values) -> Iterator[dict[str, Any]]:
    if definition["comment"]:
        text = next(iter(values.get(COMMENT_FIELD, ())), "")
        yield {"page": ABOUT, "title": _("Suggestion or comment"), "answers": [text] if text.strip() else []}
    for name in definition["profile"]:
        given = values.get(profile_field(name), ())
        answers = [label for value, label in PROFILE_CHOICES[name] if value in given]
        yield {"page": ABOUT, "title": profile_titles()[name], "answers": answers}

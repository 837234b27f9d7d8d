"""What a template needs to draw each question of a definition, in one language.

Covers: texts and the Indonesian that stands in for a missing one, faces, numbering, which answer opens which question,
values put back and messages. Leaves out: HTML (``rendering.py``) and what an answer must be (``answers.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.answers import LONG_TEXT_LENGTH, REASON_LENGTH, TEXT_LENGTH
from surveys.definition import (
    SECTION,
    SOURCE_LANGUAGE,
    Definition,
    element_field,
    question_field,
    reason_field,
    text_in,
)

# As many questions may depend on another one as survey.css has rules for; any further one is always shown.
CONDITIONS = 24
# Cards with a face each up to here; longer scales are a row of numbers.
MOST_FACES = 5
_TEXT_LENGTHS = {"text": TEXT_LENGTH, "long_text": LONG_TEXT_LENGTH}
_KINDS = {"scale": "scale", "yes_no": "radio", "single": "radio", "multiple": "checkbox", "consent": "checkbox"}

Values = Mapping[str, Sequence[str]]
Step = dict[str, Any]
Row = Mapping[str, Any]


def steps_of(definition: Definition, language: str, values: Values, errors: Mapping[str, Any]) -> list[Step]:
    """Official elements first, then the survey's own questions; a text between them stands above what follows it."""
    steps, waiting = [], []
    for step in _all_steps(definition, language):
        if step["kind"] == SECTION:
            waiting.append(step)
            continue
        steps.append(fill(step | {"above": waiting}, values, errors))
        waiting = []
    if waiting:
        steps.append({"name": "", "kind": SECTION, "above": waiting, "options": []})
    _join_conditions(definition, steps, language)
    _number(steps)
    return steps


def _all_steps(definition: Definition, language: str) -> Iterator[Step]:
    scale = definition["scale"]
    for element in definition["elements"]:
        yield _element_step(element, scale, language)
    for question in definition["questions"]:
        yield _question_step(question, language)


def said(texts: Mapping[str, str], language: str) -> dict[str, str]:
    """A text and, where Indonesian stands in for it, the mark a screen reader changes its voice by."""
    stands_in = not texts.get(language) and bool(texts.get(SOURCE_LANGUAGE))
    return {"label": text_in(texts, language), "lang": SOURCE_LANGUAGE if stands_in else ""}


def _element_step(element: Row, scale: Mapping[str, int], language: str) -> Step:
    low, high = scale["min"], scale["max"]
    words = {point: said(element["options"][str(point)], language) for point in range(low, high + 1)}
    below = element.get("ask_reason_below") or 0
    options = _points(words, low, high)
    for option in options:
        option["is_low"] = option["number"] < below
    return _asked(element, element["question"], language) | {
        "name": element_field(element["code"]),
        "title": text_in(element["name"], language),
        "kind": "scale",
        "required": element.get("required", True),
        "options": options,
        "reason": {"name": reason_field(element["code"]), "length": REASON_LENGTH} if below > low else None,
    }


def _question_step(question: Row, language: str) -> Step:
    kind = question["type"]
    step = _asked(question, question["label"], language) | {
        "id": question["id"],
        "name": question_field(question["id"]),
        "title": text_in(question["label"], language),
        "kind": _KINDS.get(kind, kind),
        "hint": text_in(question.get("help") or {}, language),
        "required": question.get("required", False),
        "options": _options(question, language),
        "max_length": question.get("max_length") or _TEXT_LENGTHS.get(kind),
        "is_single": kind == "consent",
    }
    if kind in ("rating", "scale"):
        step |= _ends(question, language)
    # Which of a number's limits exist is up to the editor.
    return step | {name: question[name] for name in ("min", "max") if question.get(name) is not None}


def _asked(row: Row, texts: Mapping[str, str], language: str) -> Step:
    """What is read out is the language's own recording; another language's voice would only confuse."""
    text = said(texts, language)
    return {"legend": text["label"], "lang": text["lang"], "audio": (row.get("audio") or {}).get(language, "")}


def _ends(question: Row, language: str) -> Step:
    """A long scale is a row of numbers: what its ends mean is said above it."""
    low, high, words = question["min"], question["max"], question.get("options", {})
    if high - low < MOST_FACES:
        return {"kind": "scale"}
    first, last = (text_in(words.get(str(point)) or {}, language) for point in (low, high))
    ends = {"low": low, "high": high, "first": first or _("lowest"), "last": last or _("highest")}
    return {"kind": "numbers", "direction": _("%(low)s: %(first)s. %(high)s: %(last)s.") % ends}


def _options(question: Row, language: str) -> list[dict[str, Any]]:
    kind = question["type"]
    if kind == "yes_no":
        return [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    if kind == "consent":
        return [{"value": "yes", "label": _("I agree")}]
    if kind in ("rating", "scale"):
        low, high, words = question["min"], question["max"], question.get("options", {})
        return _points({n: said(words.get(str(n)) or {}, language) for n in range(low, high + 1)}, low, high)
    return [{"value": row["code"], **said(row["label"], language)} for row in question.get("choices", ())]


def _points(words: Mapping[int, Mapping[str, str]], low: int, high: int) -> list[dict[str, Any]]:
    """The cards of a scale; any scale is spread over the faces, the middle of an odd one looks neither glad nor sad."""
    return [
        {"value": str(point), "number": point, "face": _face((point - low) / (high - low)), **text}
        for point, text in words.items()
    ]


def _face(share: float) -> str:
    if share == 0.5:
        return "n"
    if share < 0.5:
        return "1" if share < 0.25 else "2"
    return "3" if share <= 0.75 else "4"


def _join_conditions(definition: Definition, steps: Sequence[Step], language: str) -> None:
    """Tie questions to the answers that open them, for the stylesheet and in words for browsers that cannot hide."""
    drawn = {step["name"]: step for step in _flat(steps)}
    conditions = {question_field(row["id"]): row["show_if"] for row in definition["questions"] if row.get("show_if")}
    for number, (name, condition) in enumerate(conditions.items(), start=1):
        step, trigger = drawn[name], drawn.get(condition["field"])
        if trigger is None:
            continue
        opening = [option for option in trigger["options"] if option["value"] in condition["any_of"]]
        # Without its own opener a question stays hidden also when the one that opens it is.
        step["groups"] = [*trigger.get("groups", ()), *([number] if opening and number <= CONDITIONS else [])]
        step["is_conditional"], step["only_if"] = True, _only_if(trigger, opening)
        for option in opening:
            option.setdefault("opens", []).append(number)


def _flat(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        yield from step["above"]
        if step["name"]:
            yield step


def _only_if(trigger: Step, opening: Sequence[Mapping[str, Any]]) -> str:
    answers = " / ".join(str(option.get("label") or option["value"]) for option in opening)
    return _("Only if you answered “%(answers)s” to “%(question)s”.") % {
        "answers": answers,
        "question": trigger["title"],
    }


def _number(steps: Sequence[Step]) -> None:
    """Every question everybody meets has a number; the others follow the one that opens them."""
    counted = [step for step in steps if step["name"] and not step.get("is_conditional")]
    for number, step in enumerate(counted, start=1):
        step["progress"] = _("%(number)s of %(total)s") % {"number": number, "total": len(counted)}
    for place, step in enumerate(steps, start=1):
        step |= {"number": place, "next": place + 1}


def fill(step: Step, values: Values, errors: Mapping[str, Any]) -> Step:
    """Put back what was typed or chosen, and the message."""
    given = [str(value) for value in values.get(step["name"], ())]
    step["value"], step["error"] = given[0] if given else "", errors.get(step["name"], "")
    for option in step.get("options", ()):
        option["chosen"] = option["value"] in given
    if reason := step.get("reason"):
        fill(reason, values, errors)
    return step

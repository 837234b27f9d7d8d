"""What the editor of a survey page is told beside the form."""

from typing import Any

from django import template

from surveys.changes import Grade
from surveys.forms import LANGUAGE_NAMES
from surveys.models import SurveyPage
from surveys.publishingtexts import GRADES, change_sentence, missing_word, problem_sentence
from surveys.services.effects import Effect, effect_of

register = template.Library()


@register.simple_tag
def draft_effect(page: SurveyPage) -> Effect | None:
    """None while the draft cannot be read, for example with a code used twice; the form says so itself."""
    try:
        return effect_of(page)
    except ValueError:
        return None


@register.simple_tag
def graded_changes(effect: Effect, counts: dict | None = None) -> list[dict[str, Any]]:
    """The changes under a heading per grade, gravest first."""
    groups = []
    for grade in Grade.REFUSED, Grade.MEANING, Grade.WORDING:
        rows = [
            {"change": change, "sentence": change_sentence(change), "answers": (counts or {}).get(change)}
            for change in effect.changes
            if change.grade is grade
        ]
        if rows:
            groups.append({"grade": grade.value, "heading": GRADES[grade], "rows": rows})
    return groups


@register.filter
def sentences_of(problems: list) -> list[str]:
    return [problem_sentence(problem) for problem in problems]


@register.simple_tag
def language_gaps(effect: Effect) -> list[dict[str, Any]]:
    """Per language: how many texts citizens read in Indonesian, and of which kind."""
    by_language: dict[str, dict[str, int]] = {}
    for gap in effect.gaps:
        kinds = by_language.setdefault(gap.language, {})
        kinds[gap.what] = kinds.get(gap.what, 0) + 1
    return [
        {
            "language": LANGUAGE_NAMES[language],
            "parts": [{"what": missing_word(what), "count": count} for what, count in kinds.items()],
        }
        for language, kinds in by_language.items()
    ]

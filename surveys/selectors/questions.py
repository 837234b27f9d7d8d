"""Questions of a survey over all its versions, and how many stored answers hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform

from surveys.changes import Change, Kind
from surveys.models import Response, Survey
from surveys.provenance import AskedQuestion, Published, asked_in


def published_versions(survey: Survey) -> list[Published]:
    """Every frozen questionnaire by publication; one query."""
    rows = survey.versions.order_by("published_at", "pk").defer("rendered")
    return [Published(row.pk, row.number, row.published_at, row.definition) for row in rows]


def asked_questions(survey: Survey) -> list[AskedQuestion]:
    """Every own question the survey ever asked, retired ones included; one query.

    Of each: ``id``, ``code``, ``type``, ``first`` and ``last`` version number, ``is_retired``, ``wordings`` (texts with
    the version and moment they began), ``choices`` (by code, with the same) and ``versions`` (ids of the questionnaires
    that asked it: under any other the answer is "not asked").
    """
    return asked_in(published_versions(survey), survey.current_version_id)


def has_answers(survey: Survey) -> bool:
    return Response.objects.filter(survey=survey).exists()


def answers_touched(survey: Survey, changes: Iterable[Change]) -> dict[Change, int]:
    """Stored answers each change is about: those to the question, or with the choice; of the whole form, all.

    Reads answers, so it belongs on a screen somebody asked for; three queries and one per retired choice. A question
    that is new has none.
    """
    changes = list(changes)
    stored = Response.objects.filter(survey=survey)
    total = stored.count()
    asked = {question.id for question in asked_questions(survey)}
    by_question = _by_question(survey, sorted({change.where for change in changes} & asked))
    official = {"": total} | {element["code"]: total for element in _elements(survey)}
    counts = {change: (by_question | official).get(change.where, 0) for change in changes}
    for change in changes:
        if change.kind is Kind.CHOICE_RETIRED:
            counts[change] = choice_count(survey, change.where, change.codes)
    return counts


def _elements(survey: Survey) -> list[dict[str, Any]]:
    return [] if survey.current_version is None else list(survey.current_version.definition["elements"])


def _by_question(survey: Survey, identifiers: list[str]) -> dict[str, int]:
    if not identifiers:
        return {}
    counted = {
        f"n{place}": Count("pk", filter=Q(answers__has_key=identifier)) for place, identifier in enumerate(identifiers)
    }
    found = Response.objects.filter(survey=survey).aggregate(**counted)
    return {identifier: found[f"n{place}"] for place, identifier in enumerate(identifiers)}


def choice_count(survey: Survey, identifier: str, codes: Collection[str]) -> int:
    """Answers to a question in which one of these choices was taken, alone or among others."""
    values = Response.objects.filter(survey=survey, answers__has_key=identifier).annotate(
        value=KeyTransform(identifier, "answers")
    )
    taken: Counter[bool] = Counter()
    for value in values.values_list("value", flat=True).iterator(chunk_size=2000):
        taken[bool(set(codes) & {str(part) for part in (value if isinstance(value, list) else [value])})] += 1
    return taken[True]

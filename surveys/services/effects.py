"""What publishing a draft would do, worked out before anybody presses the button."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from surveys.branching import Gap, Problem, missing_texts, problems
from surveys.changes import Change, Grade, compare, retention_change
from surveys.definition import Definition, content_hash
from surveys.drafting import DEFAULT_INSTRUMENT, DRAFT_FIELDS, draft_definition
from surveys.models import InstrumentVersion, Survey, SurveyPage
from surveys.publishingtexts import change_sentence, damaged_sentence, problem_sentence
from surveys.selectors.questions import answers_touched, has_answers, published_versions
from surveys.services.versions import damaged_versions


@dataclass
class Effect:
    """The difference between a draft and the questionnaire in use."""

    definition: Definition
    survey: Survey | None
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_answers: bool = False
    damaged: list[str] = field(default_factory=list)

    @property
    def is_first(self) -> bool:
        return self.survey is None or self.survey.current_version_id is None

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_warning]

    @property
    def gaps(self) -> list[Gap]:
        return missing_texts(self.definition)

    @property
    def refusals(self) -> list[str]:
        """Why this must not be published, a sentence each."""
        faults = [problem_sentence(problem) for problem in self.problems if not problem.is_warning]
        refused = [change_sentence(change) for change in self.changes if change.grade is Grade.REFUSED]
        return [*([damaged_sentence()] if self.damaged else []), *dict.fromkeys([*refused, *faults])]

    @property
    def needs_confirmation(self) -> bool:
        """Whoever changes a form with answers has seen first what that does."""
        return self.has_answers and bool(self.changes)

    @property
    def token(self) -> str:
        """Changes with either side: what was confirmed is what was shown, also when two people edit at once."""
        current = self.survey.current_version_id if self.survey else 0
        return hashlib.sha256(f"{current}:{content_hash(self.definition)}".encode()).hexdigest()

    def counts(self) -> dict[Change, int]:
        return {} if self.survey is None else answers_touched(self.survey, self.changes)


def definition_of(page: SurveyPage) -> Definition:
    """What the page asks, published or not. Raises ValueError when identifiers repeat."""
    version = page.instrument_version or InstrumentVersion.objects.get(code=DEFAULT_INSTRUMENT)
    values: dict[str, Any] = {name: getattr(page, name) for name in DRAFT_FIELDS}
    return draft_definition(version, values)


def effect_of(page: SurveyPage) -> Effect:
    """What publishing this draft of a page would do. Reads the survey's versions and whether it has answers."""
    definition, survey = definition_of(page), page.survey
    effect = Effect(definition, survey, problems=problems(definition))
    if survey is None or survey.current_version is None:
        return effect
    effect.has_answers = has_answers(survey)
    published = [question for row in published_versions(survey) for question in row.definition["questions"]]
    effect.damaged = damaged_versions(survey.versions.all())
    effect.changes = compare(
        survey.current_version.definition, definition, published=published, has_answers=effect.has_answers
    )
    retention = retention_change(survey.texts_kept_months, page.texts_kept_months)
    if retention and effect.has_answers:
        effect.changes.insert(0, retention)
    return effect

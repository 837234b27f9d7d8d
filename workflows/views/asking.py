"""What a form asks once its topic is known, for citizens and officers alike.

A topic's own questions appear after the topic was chosen; who sends before seeing them gets the form again with
everything kept. ``asked`` in the form names the version that asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import get_language

from core.models import Region
from workflows.models import Category, CategoryVersion
from workflows.question_forms import add_fields, answers_in
from workflows.questions import Question
from workflows.selectors.offers import Topic
from workflows.selectors.places import category_for
from workflows.selectors.questions import questions_of


@dataclass
class Asking:
    """The topic typed in a form, and what it asks."""

    region: Region
    typed: Mapping[str, Any]
    # What the region offers, where the caller has it at hand.
    topics: Mapping[str, Topic] | None = None

    @cached_property
    def found(self) -> tuple[Category | None, CategoryVersion | None]:
        code = self.typed.get("category") or ""
        if self.topics is not None:
            return self.topics.get(code, (None, None))
        return category_for(self.region, code)

    @property
    def category(self) -> Category | None:
        return self.found[0]

    @property
    def version(self) -> CategoryVersion | None:
        return self.found[1]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return questions_of(self.version)

    @property
    def was_asked(self) -> bool:
        """Whether the form that was sent showed these very questions."""
        return not self.questions or self.typed.get("asked") == str(self.version.pk if self.version else "")

    def add_to(self, form: forms.Form) -> None:
        language = (get_language() or "id").split("-")[0]
        form.own_fields = [form[name] for name in add_fields(form, self.questions, language)]  # type: ignore[attr-defined]

    def draft_values(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What a draft says of the topic."""
        answers = answers_in(self.questions, cleaned)
        return {"category": self.category, "answers": answers, "asked_in": self.version if answers else None}

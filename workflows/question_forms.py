"""Fields for a topic's own questions, and the editor of those questions."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.questions import LONGEST_ANSWER, LONGEST_LABEL, MOST_QUESTIONS, Kind, Question

KINDS = [
    (Kind.TEXT.value, _("Text")),
    (Kind.NUMBER.value, _("Number")),
    (Kind.DATE.value, _("Date")),
    (Kind.CHOICE.value, _("Choice")),
    (Kind.YES_NO.value, _("Yes or no")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
BLANK_ROWS = 2


def field_of(question: Question, language: str) -> forms.Field:
    """The form field that asks a question."""
    shared: dict[str, Any] = {"label": question.text(language), "required": question.required}
    if question.kind is Kind.NUMBER:
        return forms.DecimalField(max_digits=15, decimal_places=2, **shared)
    if question.kind is Kind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **shared)
    if question.kind in (Kind.CHOICE, Kind.YES_NO):
        options: Any = YES_NO if question.kind is Kind.YES_NO else question.choice_texts(language)
        return forms.ChoiceField(choices=[("", "–"), *options], **shared)
    return forms.CharField(max_length=LONGEST_ANSWER, **shared)


def add_fields(form: forms.Form, questions: Sequence[Question], language: str) -> list[str]:
    """Add a topic's questions to a form; the names of their fields."""
    for question in questions:
        form.fields[question.field] = field_of(question, language)
    return [question.field for question in questions]


def answers_in(questions: Sequence[Question], cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was answered, by question id, as it is stored."""
    given = {question.id: cleaned.get(question.field) for question in questions}
    return {key: _stored(value) for key, value in given.items() if value not in (None, "")}


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


class QuestionForm(forms.Form):
    """One question in the editor. ``choices``: one per line; a line that stays keeps its code."""

    id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    label_id = forms.CharField(label=_("Question"), max_length=LONGEST_LABEL)
    label_en = forms.CharField(label=_("Question in English"), max_length=LONGEST_LABEL, required=False)
    # As a browser sends it for a row left blank, which then counts as not changed.
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=KINDS, initial=Kind.TEXT.value)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, help_text=_("One per line."), widget=forms.Textarea(attrs={"rows": 3})
    )

    def row(self, known: dict[str, Question]) -> dict[str, Any]:
        typed = self.cleaned_data
        before = known.get(typed["id"])
        codes = {label["id"]: code for code, label in before.choices} if before else {}
        lines = dict.fromkeys(line.strip() for line in typed["choices"].splitlines() if line.strip())
        label = {"id": typed["label_id"], "en": typed["label_en"]}
        return {
            "id": before.id if before else secrets.token_hex(4),
            "kind": typed["kind"],
            "label": {language: text for language, text in label.items() if text},
            "required": typed["required"],
            "choices": [{"code": codes.get(line) or secrets.token_hex(3), "label": {"id": line}} for line in lines],
        }


QuestionFormSet = forms.formset_factory(
    QuestionForm,
    extra=BLANK_ROWS,
    can_order=True,
    can_delete=True,
    max_num=MOST_QUESTIONS,
    validate_max=True,
    absolute_max=MOST_QUESTIONS + BLANK_ROWS,
)


def initial_of(questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {
            "id": question.id,
            "label_id": question.label["id"],
            "label_en": question.label.get("en", ""),
            "kind": question.kind.value,
            "required": question.required,
            "choices": "\n".join(label["id"] for _code, label in question.choices),
        }
        for question in questions
    ]

"""The editor's form of a survey page: what may be chosen, and what publishing has fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from core.models import Agency, Service
from surveys.blocks import as_questions
from surveys.branching import Fault, Problem, problems
from surveys.changes import Change, Grade, Kind, compare, retention_change
from surveys.definition import LANGUAGES, SOURCE_LANGUAGE, Definition
from surveys.drafting import DEFAULT_INSTRUMENT, DRAFT_FIELDS, draft_definition
from surveys.givencodes import published_questions, with_codes
from surveys.publishingtexts import change_sentence, damaged_sentence, problem_sentence

Question = Mapping[str, Any]
LANGUAGE_NAMES = {"id": _("Indonesian"), "en": _("English"), "jv": _("Javanese"), "mad": _("Madurese")}
# Where a refused change is mended.
_FIELDS = {
    Kind.OFFICIAL_SCALE: "instrument_version",
    Kind.OFFICIAL_ELEMENTS: "instrument_version",
    Kind.RETENTION: "texts_kept_months",
}
_IN_CONDITION = {
    Fault.UNKNOWN_QUESTION: "question",
    Fault.LATER_QUESTION: "question",
    Fault.NOT_CHOOSABLE: "question",
    Fault.UNREACHABLE_REQUIRED: "question",
    Fault.UNKNOWN_CHOICE: "answers",
    Fault.NO_CHOICE: "answers",
}


class SurveyPageForm(WagtailAdminPageForm):
    """Offers the section's own services; refuses what must not be published, beside the block it is about.

    A draft may be incomplete: only identifiers are checked while it is saved.
    """

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[(language, LANGUAGE_NAMES[language]) for language in LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Citizens choose among these. Where a translation is missing they read Indonesian."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = with_codes(self.data, self.published)
        agency = self._agency()
        if "service" in self.fields:
            self.fields["service"].queryset = self._services(agency)
            self.fields["service"].empty_label = _("All services of the agency")
        if "instrument_version" in self.fields:
            field = self.fields["instrument_version"]
            field.queryset = self._instruments(field.queryset).order_by("instrument__code", "-year")
            field.initial = field.queryset.filter(code=DEFAULT_INSTRUMENT).first()
            # A new page's empty value would win over it, and the browser choose the first of the list.
            if not self.initial.get("instrument_version"):
                self.initial["instrument_version"] = field.initial
            field.empty_label = None

    @cached_property
    def published(self) -> list[dict[str, Any]]:
        return published_questions(self.instance.survey)

    def _services(self, agency: Agency | None) -> QuerySet[Service]:
        """Those in use, and the one the page has already."""
        if agency is None:
            return Service.objects.none()
        offered = Service.objects.filter(agency=agency)
        return offered.active(timezone.localdate()) | offered.filter(pk=self.instance.service_id)

    def _instruments(self, versions: QuerySet) -> QuerySet:
        """What is offered to the agency's region, and what the page has already."""
        agency = self._agency()
        offered = versions.offered().for_region(agency.region) if agency else versions.offered()
        return offered | versions.filter(pk=self.instance.instrument_version_id)

    def _agency(self) -> Agency | None:
        if self.instance.path:
            return self.instance.section_agency()
        parent = self.parent_page.specific if self.parent_page else None
        return getattr(parent, "agency", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day lies before the first."))
        if cleaned.get("questions") is not None:
            self._check_published(as_questions(cleaned["questions"]))
        # A draft is checked for identifiers only; what is published, or handed in for approval, is checked whole.
        if not self.is_deferred_validation and not self.errors:
            self._check_publication(cleaned)
        return cleaned

    def clean_languages(self) -> list[str]:
        chosen = {SOURCE_LANGUAGE, *self.cleaned_data["languages"]}
        return [language for language in LANGUAGES if language in chosen]

    def _check_publication(self, cleaned: Mapping[str, Any]) -> None:
        instrument = cleaned.get("instrument_version") or self.instance.instrument_version
        if instrument is None:
            return
        values = {name: cleaned.get(name, getattr(self.instance, name)) for name in DRAFT_FIELDS}
        definition = draft_definition(instrument, values)
        self._add_problems(definition)
        survey = self.instance.survey
        if survey is not None and survey.current_version is not None and survey.responses.exists():
            self._add_refusals(survey, definition, cleaned)

    def _add_problems(self, definition: Definition) -> None:
        places = {question["id"]: place for place, question in enumerate(definition["questions"])}
        found = [problem for problem in problems(definition) if not problem.is_warning]
        own = {places[problem.where]: block_error(problem) for problem in reversed(found) if problem.where in places}
        if own:
            self.add_error("questions", StreamBlockValidationError(block_errors=own))
        official = [problem_sentence(problem) for problem in found if problem.where not in places]
        if official:
            self.add_error("official_wording", ValidationError(official))

    def _add_refusals(self, survey: Any, definition: Definition, cleaned: Mapping[str, Any]) -> None:
        if not all(version.is_intact for version in survey.versions.defer("rendered")):
            self.add_error(None, damaged_sentence())
        changes = compare(survey.current_version.definition, definition, published=self.published)
        changes += filter(None, [retention_change(survey.texts_kept_months, cleaned.get("texts_kept_months"))])
        for change in changes:
            if change.grade is Grade.REFUSED:
                self._refuse(change)

    def _refuse(self, change: Change) -> None:
        field = _FIELDS.get(change.kind, "questions")
        self.add_error(field if field in self.fields else None, ValidationError(change_sentence(change)))

    def _check_published(self, questions: Sequence[Question]) -> None:
        errors = list(dict.fromkeys(fixed_codes(questions, self.published)))
        if errors:
            self.add_error("questions", ValidationError(errors))


def block_error(problem: Problem) -> StructBlockValidationError:
    """The message beside the part of the question's block that has to change."""
    message = ValidationError(problem_sentence(problem))
    inside = _IN_CONDITION.get(problem.fault)
    if inside:
        message = StructBlockValidationError(block_errors={inside: message})
        return StructBlockValidationError(block_errors={"show_if": message})
    return StructBlockValidationError(block_errors={"code" if problem.fault is Fault.CODE_TWICE else "label": message})


def fixed_codes(questions: Iterable[Question], published: Iterable[Question]) -> list[str]:
    """Why these questions cannot follow the published ones, a sentence each."""
    known = {question["id"]: question for question in published}
    owners = {question["code"].lower(): question["id"] for question in known.values()}
    errors = []
    for question in questions:
        before = known.get(question["id"])
        owner = owners.get(question["code"].lower())
        if before and before["code"] != question["code"]:
            errors.append(
                _("Question “%(label)s” was published under the code %(code)s; it keeps that code.") % _named(before)
            )
        elif not before and owner:
            errors.append(_("The code %(code)s belongs to an earlier question; choose another one.") % _named(question))
        if before and (moved := _recoded(question, before)):
            errors.append(_("Answer “%(label)s” was published under the code %(code)s; it keeps that code.") % moved)
    return errors


def _named(question: Question) -> dict[str, str]:
    return {"label": question["label"]["id"], "code": question["code"]}


def _recoded(question: Question, before: Question) -> dict[str, str] | None:
    """A choice that kept its words but got another code: its answers would fall in two."""
    now = {choice["label"]["id"]: choice["code"] for choice in question.get("choices", ())}
    codes = set(now.values())
    for choice in before.get("choices", ()):
        label, code = choice["label"]["id"], choice["code"]
        if label in now and code not in codes:
            return {"label": label, "code": code}
    return None

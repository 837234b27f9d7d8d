"""The editor's form of a survey page: what may be chosen, and what publishing has fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from core.models import Agency, Service
from surveys.blocks import as_questions

Question = Mapping[str, Any]


class SurveyPageForm(WagtailAdminPageForm):
    """Offers the section's own services; refuses edits that would change what stored answers mean."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        agency = self._agency()
        if "service" in self.fields:
            services = Service.objects.filter(agency=agency) if agency else Service.objects.none()
            self.fields["service"].queryset = services
            self.fields["service"].empty_label = _("All services of the agency")
        if "instrument_version" in self.fields:
            field = self.fields["instrument_version"]
            # Newest first, so that the official instrument in force is the one offered.
            field.queryset = field.queryset.order_by("-instrument__code", "-year")
            field.initial = field.initial or field.queryset.filter(code="skm-2017").first()
            field.empty_label = None

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
        return cleaned

    def _check_published(self, questions: Sequence[Question]) -> None:
        survey = self.instance.survey
        if survey is None:
            return
        definitions = survey.versions.values_list("definition", flat=True)
        published = [question for definition in definitions for question in definition["questions"]]
        errors = list(dict.fromkeys(fixed_codes(questions, published)))
        if errors:
            self.add_error("questions", ValidationError(errors))


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

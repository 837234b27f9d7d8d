"""Where a form is opened, and what the page around the questions shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.models import Service
from surveys.answers import Fault
from surveys.codes import grouped
from surveys.definition import COMMENT_FIELD, Definition, element_field, profile_field, question_field
from surveys.errors import FAULT_MESSAGES, SurveyClosed
from surveys.models import Channel, QuestionnaireVersion, Response, ServicePoint, Survey
from surveys.opening import Opening, opening
from surveys.rendering import render_questions
from surveys.selectors.forms import services_offered
from surveys.services.publishing import PROFILE_CHOICES, kept_questions
from surveys.services.responses import submit_response
from surveys.services.visits import submit_visited
from surveys.tokens import FormToken

Errors = Mapping[str, Any]
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Place:
    """A survey opened by its link, or at a service point by its code."""

    survey: Survey
    point: ServicePoint | None = None
    # Digest of the visit slip the form was opened with.
    visit: str = ""

    # Known people only; see staff_places.
    is_signed_in: ClassVar[bool] = False

    @property
    def point_id(self) -> int:
        return self.point.pk if self.point else 0

    @property
    def version(self) -> QuestionnaireVersion:
        """What is asked now. Only surveys that were published once are places."""
        if self.survey.current_version is None:
            raise SurveyClosed(self.survey.slug)
        return self.survey.current_version

    @property
    def channel(self) -> Channel:
        return Channel.QR if self.point else Channel.LINK

    @property
    def service(self) -> Service | None:
        return (self.point.service if self.point else None) or self.survey.service

    @property
    def form_url(self) -> str:
        if self.point:
            return reverse("surveys:point", args=[self.point.code])
        return reverse("surveys:form", args=[self.survey.slug])

    @property
    def thanks_url(self) -> str:
        if self.point:
            return reverse("surveys:point_thanks", args=[self.point.code])
        return reverse("surveys:form_thanks", args=[self.survey.slug])

    def receipt_url(self, response: Response) -> str:
        return f"{self.thanks_url}?t={response.receipt}"

    def store(self, *, visit: str = "", **given: Any) -> Response:
        """Keep what was given here; ``visit`` comes from the signed form, the rest goes to ``submit_response``."""
        return submit_visited(visit=visit, **given) if visit else submit_response(**given)

    def day(self, moment: datetime) -> Any:
        return moment.astimezone(self.survey.agency.region.zone).date()

    def opening(self, moment: datetime) -> Opening:
        page = getattr(self.survey, "page", None)
        first, last = (page.opens_on, page.closes_on) if page else (None, None)
        return opening(is_open=self.survey.is_open, opens_on=first, closes_on=last, on=self.day(moment))

    def services(self, moment: datetime) -> list[Service]:
        return [] if self.service else services_offered(self.survey, self.day(moment))

    def text(self, name: str) -> str:
        """A text of the page in the language of the request; Indonesian stands in for missing English."""
        page = getattr(self.survey, "page", None)
        if page is None:
            return self.survey.title if name == "title" else ""
        english = getattr(page, f"{name}_en") if language() == "en" else ""
        return english or (self.survey.title if name == "title" else getattr(page, name))


def language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def form_context(
    place: Place,
    version: QuestionnaireVersion,
    token: FormToken,
    services: list[Service],
    *,
    chosen: str = "",
    questions: str = "",
) -> dict[str, Any]:
    """The page with the kept questions of a version: nothing is rendered per visitor but names and token.

    ``questions`` replaces them where answers and messages have to be shown.
    """
    html = questions or kept_questions(version, language())
    return {
        "place": place,
        "survey_title": place.text("title"),
        "intro": place.text("intro"),
        "agency": place.survey.agency,
        "service": place.service,
        "point": place.point,
        "printed_code": grouped(place.point.code) if place.point else "",
        "services": services,
        "chosen_service": chosen,
        "token": str(token),
        "questions": mark_safe(html),  # noqa: S308  our own template, escaped there
        "asked": len(version.definition["elements"]) + len(version.definition["questions"]),
    }


def rendered(definition: Definition, values: Posted | None = None, errors: Errors | None = None) -> str:
    return render_questions(definition, language(), profiles=PROFILE_CHOICES, values=values, errors=errors)


def sentences(faults: Mapping[str, Fault]) -> dict[str, str]:
    return {name: str(FAULT_MESSAGES[fault]) for name, fault in faults.items()}


def error_links(definition: Definition, errors: Errors) -> list[dict[str, str]]:
    """The summary: a link to each field with its short name, in the order of the form."""
    names = _field_titles(definition)
    order = [*names, *(name for name in errors if name not in names)]
    return [
        {"href": f"#{name}" if name in names else "#main", "text": _joined(names.get(name), errors[name])}
        for name in order
        if name in errors
    ]


def _joined(title: str | None, sentence: str) -> str:
    return f"{title}: {sentence}" if title else str(sentence)


def _field_titles(definition: Definition) -> dict[str, str]:
    spoken = language()
    titles = {"service": _("Service")}
    titles |= {element_field(row["code"]): row["name"][spoken] for row in definition["elements"]}
    titles |= {question_field(row["id"]): row["label"][spoken] for row in definition["questions"]}
    profile = {"sex": _("Sex"), "age_band": _("Age"), "education": _("Education"), "occupation": _("Occupation")}
    titles |= {profile_field(name): profile[name] for name in definition["profile"]}
    return titles | {COMMENT_FIELD: _("Suggestion or comment")}

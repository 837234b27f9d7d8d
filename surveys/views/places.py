"""Where a form is opened, and what the page around the questions shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.models import Service
from surveys.answers import Fault
from surveys.codes import grouped
from surveys.definition import (
    COMMENT_FIELD,
    LANGUAGES,
    SOURCE_LANGUAGE,
    Definition,
    answered,
    element_field,
    languages_of,
    profile_field,
    question_field,
    reason_field,
    text_in,
)
from surveys.errors import FAULT_MESSAGES, SurveyClosed
from surveys.models import SLOTS, Channel, QuestionnaireVersion, Response, ServicePoint, Survey
from surveys.offers import is_low, mark_of
from surveys.opening import Opening, opening
from surveys.rendering import profile_titles, render_questions
from surveys.selectors.forms import services_offered
from surveys.services.publishing import PROFILE_CHOICES, kept_questions
from surveys.services.responses import submit_response
from surveys.services.visits import submit_visited
from surveys.tokens import FormToken

# Names the language in the address of a survey spoken in one that pages are not written in.
LANGUAGE_PARAMETER = "bahasa"
# In the language itself, and short: all four fit beside each other on a phone.
LANGUAGE_NAMES = {"id": "Indonesia", "en": "English", "jv": "Jawa", "mad": "Madhurâ"}

Errors = Mapping[str, Any]
Values = Mapping[str, Sequence[str]]


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
    def stamp(self) -> str:
        """Of everything the form shows (``selectors.forms``); empty where the page is one visitor's own."""
        return "" if self.visit or self.is_signed_in else getattr(self.point or self.survey, "stamp", "")

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
        """With the receipt, and a mark only we can read: whether a complaint is offered."""
        low, high = (self.version.definition["scale"][end] for end in ("min", "max"))
        is_offered = is_low((response.score(slot) for slot in SLOTS), low=low, high=high)
        mark = mark_of(response.receipt, is_offered=is_offered, now=response.submitted_at)
        # Only a service that was chosen: the address of a point or a survey of one service says it already.
        chosen = {} if self.service or not response.service_id else {"layanan": response.service_id}
        return spoken(self.thanks_url, t=response.receipt, m=mark, **chosen)

    def store(self, *, visit: str = "", **given: Any) -> Response:
        """Keep what was given here; ``visit`` comes from the signed form, the rest goes to ``submit_response``."""
        return submit_visited(visit=visit, **given) if visit else submit_response(**given)

    def day(self, moment: datetime) -> Any:
        return moment.astimezone(self.survey.agency.region.zone).date()

    def opening(self, moment: datetime) -> Opening:
        page = getattr(self.survey, "page", None)
        first, last = (page.opens_on, page.closes_on) if page else (None, None)
        return opening(is_open=self.survey.was_open_at(moment), opens_on=first, closes_on=last, on=self.day(moment))

    def services(self, moment: datetime) -> list[Service]:
        return [] if self.service else services_offered(self.survey, self.day(moment))

    def text(self, name: str) -> str:
        """A text of the page in the language of the request; Indonesian stands in for a missing one."""
        page = getattr(self.survey, "page", None)
        if page is None:
            return self.survey.title if name == "title" else ""
        translated = getattr(page, f"{name}_{language()}", "")
        return translated or (self.survey.title if name == "title" else getattr(page, name))


def language() -> str:
    """The language questions are asked in and stored with, which is the one of the interface."""
    code = (get_language() or SOURCE_LANGUAGE).split("-")[0]
    return code if code in LANGUAGES else SOURCE_LANGUAGE


@contextmanager
def speaking(request: HttpRequest, place: Place) -> Iterator[None]:
    """Interface and questions in the language asked for, if this survey speaks it; in Indonesian otherwise."""
    languages = languages_of(place.version.definition)
    wanted = (request.GET.get(LANGUAGE_PARAMETER, ""), language())
    with override(next((code for code in wanted if code in languages), SOURCE_LANGUAGE)):
        yield


def language_links(place: Place) -> list[dict[str, Any]]:
    """The survey in each of its languages, named in that language; none when there is no choice."""
    current, links = language(), []
    for code in languages_of(place.version.definition):
        with override(code):
            url = spoken(place.form_url)
        links.append({"code": code, "label": LANGUAGE_NAMES[code], "url": url, "current": code == current})
    return links if len(links) > 1 else []


def spoken(url: str, **query: Any) -> str:
    """An address of a survey with what keeps the language, where the address itself does not."""
    code = language()
    if code != SOURCE_LANGUAGE and not url.startswith(f"/{code}/"):
        query[LANGUAGE_PARAMETER] = code
    return f"{url}?{urlencode(query)}" if query else url


def form_context(
    place: Place,
    version: QuestionnaireVersion,
    token: FormToken | str,
    services: list[Service],
    *,
    chosen: str = "",
    questions: str = "",
) -> dict[str, Any]:
    """The page with the kept questions of a version: nothing is rendered per visitor but names and token.

    ``questions`` replaces them where answers and messages have to be shown.
    """
    html = questions or kept_questions(version, language())
    return frame_context(place, version, token, services, chosen) | {
        "questions": mark_safe(html),  # noqa: S308  our own template, escaped there
    }


def frame_context(
    place: Place, version: QuestionnaireVersion, token: FormToken | str, services: list[Service], chosen: str
) -> dict[str, Any]:
    """Everything around the questions."""
    own = [question for question in answered(version.definition) if not question.get("show_if")]
    asked = len(version.definition["elements"]) + len(own)
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
        "action": spoken(place.form_url),
        "asked": asked,
        "scale": version.definition["scale"] if version.definition["elements"] else None,
        "takes_photos": any(row["type"] == "photo" for row in version.definition["questions"]),
        "language_links": language_links(place),
    }


def rendered(definition: Definition, values: Values | None = None, errors: Errors | None = None) -> str:
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
    return f"{title.rstrip('?!.: ')}: {sentence}" if title else str(sentence)


def _field_titles(definition: Definition) -> dict[str, str]:
    code = language()
    titles = {"service": _("Service")}
    for row in definition["elements"]:
        titles[element_field(row["code"])] = text_in(row["name"], code)
        titles[reason_field(row["code"])] = _("Reason")
    titles |= {question_field(row["id"]): text_in(row["label"], code) for row in answered(definition)}
    titles |= {profile_field(name): profile_titles()[name] for name in definition["profile"]}
    return titles | {COMMENT_FIELD: _("Suggestion or comment")}

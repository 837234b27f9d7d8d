"""One question per page, without script, cookie or session: what was answered so far travels in the form.

Every page posts its own question and, as hidden fields, the answers before it, together with the signed form token; the
last page posts the same fields a single-page form would, so storing knows only one form. The answers travel unsigned:
they are the respondent's own, and every one is read again before anything is stored. The size of a form bounds them.

Follows the pattern of GOV.UK: the question is the heading, nothing is chosen beforehand, errors stand on top and beside
the field (422), and what is to be sent is shown first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.models import Service
from surveys.answers import Fault, InvalidAnswers, read_answers
from surveys.definition import Definition
from surveys.models import QuestionnaireVersion
from surveys.question_steps import Step, Values, steps_of
from surveys.rendering import extra_of
from surveys.services.publishing import PROFILE_CHOICES
from surveys.services.responses import PROFILES
from surveys.tokens import FormToken
from surveys.walk import ABOUT, CHECK, START, fields_of, is_shown, neighbour, page_with, pages_of

from .guarding import TRAP_FIELD
from .places import Place, error_links, frame_context, language, sentences
from .posted import BUTTON_FIELD, PAGE_FIELD, SERVICE_FIELD, THEN_FIELD, TOKEN_FIELD, Posted
from .summary import lines_of

SEND, NEXT, BACK, STAY = "send", "next", "back", "stay"
GO_TO = "to:"


def start(
    request: HttpRequest, place: Place, token: FormToken | str, services: list[Service], chosen: str = ""
) -> HttpResponse:
    """The first page: what this is, where one is, and which service if that is not known."""
    context = frame_context(place, place.version, token, services, chosen)
    return render(request, "surveys/step.html", context | {"page": START, "is_first": True})


def turn(request: HttpRequest, form: Posted, version: QuestionnaireVersion, token: FormToken) -> HttpResponse:
    """One page further or back; a page whose answer is faulty comes back with messages."""
    page, button = form.first(PAGE_FIELD) or START, form.first(BUTTON_FIELD)
    pages = pages_of(version.definition, form.values)
    if button == STAY:
        return _page(request, form, version, token, page)
    if button == BACK:
        return _page(request, form, version, token, neighbour(pages, page, -1))
    if button.startswith(GO_TO):
        wanted = button.removeprefix(GO_TO)
        return _page(request, form, version, token, wanted if wanted in pages else CHECK, then=CHECK)
    faults = _faults(version.definition, form.values)
    form.errors |= sentences({name: faults[name] for name in fields_of(version.definition, page) if name in faults})
    if page == START and form.misses_service:
        form.errors[SERVICE_FIELD] = _("Please choose the service you used.")
    if form.errors:
        return _page(request, form, version, token, page, status=422)
    return _page(request, form, version, token, _following(version.definition, form, pages, page, faults))


def _following(
    definition: Definition, form: Posted, pages: Sequence[str], page: str, faults: Mapping[str, Fault]
) -> str:
    """The next page; from a corrected answer back to the summary, unless it opened a question."""
    if form.first(THEN_FIELD) != CHECK:
        return neighbour(pages, page, 1)
    return page_with(definition, pages, list(faults)) if faults else CHECK


def again(
    request: HttpRequest, form: Posted, version: QuestionnaireVersion, token: FormToken, notice: str = ""
) -> HttpResponse:
    """The page on which something was refused, with everything kept."""
    pages = pages_of(version.definition, form.values)
    page = START if SERVICE_FIELD in form.errors else page_with(version.definition, pages, list(form.errors))
    if not form.errors:
        page = form.first(PAGE_FIELD) or START
    return _page(request, form, version, token, page, status=422, notice=notice)


def _faults(definition: Definition, values: Values) -> dict[str, Fault]:
    try:
        read_answers(definition, values, profiles=PROFILES)
    except InvalidAnswers as error:
        return error.faults
    return {}


def _page(
    request: HttpRequest,
    form: Posted,
    version: QuestionnaireVersion,
    token: FormToken,
    page: str,
    *,
    status: int = 200,
    notice: str = "",
    then: str = "",
) -> HttpResponse:
    definition = version.definition
    page = page if page in pages_of(definition, form.values) else START
    context = frame_context(form.place, version, token, form.services, form.service_given)
    context |= {
        "page": page,
        "is_first": page == START,
        "then": then or form.first(THEN_FIELD) if page not in (START, CHECK) else "",
        "service_error": form.errors.get(SERVICE_FIELD, ""),
        "errors": _summary(definition, form, notice),
        "kept": list(_kept(form, definition, page)),
    }
    return render(request, "surveys/step.html", context | _content(definition, form, page), status=status)


def _summary(definition: Definition, form: Posted, notice: str) -> list[dict[str, str]]:
    links = error_links(definition, form.errors)
    return [{"href": "#go", "text": notice}, *links] if notice else links


def _kept(form: Posted, definition: Definition, page: str) -> Any:
    """Hidden fields: all that was answered elsewhere. The page's own fields are in its question."""
    own = {TOKEN_FIELD, BUTTON_FIELD, PAGE_FIELD, THEN_FIELD, TRAP_FIELD, *fields_of(definition, page)}
    if page == START:
        own.add(SERVICE_FIELD)
    fields = {SERVICE_FIELD: [form.service_given]} | form.values if form.services else form.values
    return ((name, value) for name, values in fields.items() if name not in own for value in values if value)


def _content(definition: Definition, form: Posted, page: str) -> dict[str, Any]:
    if page == START:
        return {}
    steps = steps_of(definition, language(), form.values, form.errors)
    if page == CHECK:
        pages = pages_of(definition, form.values)
        lines = lines_of(definition, steps, pages, form.values)
        return {"lines": lines, "above": _above(steps, "", definition, form.values)}
    if page == ABOUT:
        extra = extra_of(definition, language(), PROFILE_CHOICES, form.values, form.errors)
        return {"extra": extra}
    step = next(step for step in steps if step["name"] == page)
    step["above"] = _above(steps, page, definition, form.values)
    return {"step": step}


def _above(steps: Sequence[Step], name: str, definition: Definition, values: Values) -> list[Step]:
    """The texts above a question that its respondent is to read."""
    texts = next((step["above"] for step in steps if step["name"] == name), [])
    return [text for text in texts if is_shown(definition, text["id"], values)]

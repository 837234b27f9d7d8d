"""The citizen's side: show a form, take it back, say thank you. No cookie, no session row, no script.

Why the post needs no CSRF cookie: Django's check proves that a request comes from a page we gave to the same browser,
which matters where a browser is signed in. Nobody is signed in here, and nothing is done in anybody's name. What has
to be proved is that the form was ours and is sent once, from our own page:

- the signed form token (``surveys.tokens``) names version, point, idempotency key and the moment it was shown;
- ``Sec-Fetch-Site`` / ``Origin`` refuse a post that another site triggers in a visitor's browser;
- the key is unique in the database, so a page sent twice is one answer with one receipt.

See docs/decisions/0004-survey-form.md.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from cms.selectors import frame_of
from core.addresses import network_of
from core.models import Service
from surveys.answers import InvalidAnswers, read_answers
from surveys.codes import is_signed, normalise
from surveys.definition import field_names, layout_of
from surveys.errors import ProofRequired, SurveyClosed, WrongPlace
from surveys.limits import Kind
from surveys.models import Channel, QuestionnaireVersion, SurveyPage
from surveys.opening import GRACE, Opening
from surveys.origins import is_cross_site
from surveys.quality import LATE
from surveys.selectors.forms import open_surveys, point_for, signing_keys, survey_for, version_for
from surveys.services.limits import count_post
from surveys.services.responses import PROFILES
from surveys.tokens import BadToken, FormToken, new_token, read_token
from surveys.walk import PER_QUESTION

from . import steps
from .guarding import guard_of, one_moment, seen_flags
from .kept_pages import SERVICE_PARAMETER, kept_page, send_page
from .moved import has_moved_on, moved_on
from .places import Place, error_links, form_context, language, rendered, sentences, speaking
from .posted import BUTTON_FIELD, SERVICE_FIELD, TOKEN_FIELD, Posted, maximum_body, read_posted, take_photos
from .scanning import count_opened
from .thanking import thanks_context

FIELDS_TO_SPARE = 10
logger = logging.getLogger(__name__)


@gzip_page
@cache_control(private=True, no_cache=True)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def point_form(request: HttpRequest, code: str) -> HttpResponse:
    """The address in a QR code."""
    point = point_for(code)
    if point is None:
        return _unknown_code(request, code)
    return answer(request, Place(point.survey, point))


@gzip_page
@cache_control(private=True, no_cache=True)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of a survey as a link."""
    survey = survey_for(slug)
    if survey is None:
        return render(request, "surveys/unknown.html", status=404)
    return answer(request, Place(survey))


@gzip_page
@cache_control(private=True, no_cache=True)
@require_safe
def page_form(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    """The survey page at its place in the tree; an alias shows the survey of its source."""
    source = page.alias_of.specific if page.alias_of_id else page
    survey = survey_for(source.survey.slug) if source.survey_id else None
    if survey is None:
        return render(request, "surveys/unknown.html", status=404)
    return answer(request, Place(survey))


@require_safe
@cache_control(private=True, no_cache=True)
def point_thanks(request: HttpRequest, code: str) -> HttpResponse:
    point = point_for(code)
    return _unknown_code(request, code) if point is None else _thanks(request, Place(point.survey, point))


@require_safe
@cache_control(private=True, no_cache=True)
def survey_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    survey = survey_for(slug)
    return render(request, "surveys/unknown.html", status=404) if survey is None else _thanks(request, Place(survey))


@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """The general way in: every open survey of the region."""
    surveys = open_surveys(frame_of(request).region_id, at=timezone.now())
    return render(request, "surveys/survey_list.html", {"surveys": surveys})


def answer(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the form, or take it."""
    now = timezone.now()
    if place.survey.audience == Service.Audience.INTERNAL and not place.is_signed_in:
        return HttpResponse(status=303, headers={"Location": reverse("surveys:internal", args=[place.survey.slug])})
    with speaking(request, place):
        response = _take(request, place, now) if request.method == "POST" else _show(request, place, now)
        response.headers.setdefault("Content-Language", language())
        return response


def _show(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    if (state := place.opening(now)) is not Opening.OPEN:
        return _not_open(request, place, state)
    if has_moved_on(place, now):
        return moved_on(request, place, now)
    token = new_token(version_id=place.version.pk, point_id=place.point_id, now=now, visit=place.visit)
    if place.point_id and place.channel == Channel.QR:
        count_opened(request, place, now)
    if not place.stamp:
        return _page(request, place, now, token)
    page = kept_page(request, place, now, make=partial(_page, request, place, now))
    return send_page(request, page, token)


def _page(request: HttpRequest, place: Place, now: datetime, token: FormToken | str) -> HttpResponse:
    version, services = place.version, place.services(now)
    wanted = request.GET.get(SERVICE_PARAMETER, "")
    chosen = next((str(service.pk) for service in services if service.code == wanted), "")
    if layout_of(version.definition) == PER_QUESTION:
        return steps.start(request, place, token, services, chosen)
    return render(request, "surveys/form.html", form_context(place, version, token, services, chosen=chosen))


def _take(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    if is_cross_site(request.headers, host=request.get_host(), secure=request.is_secure()):
        return render(request, "surveys/refused.html", {"place": place}, status=403)
    if _length(request) > maximum_body(place.version.definition):
        return render(request, "surveys/refused.html", {"place": place, "too_large": True}, status=413)
    try:
        form = read_posted(request, place, now)
    except BadRequest:
        return render(request, "surveys/refused.html", {"place": place, "too_large": True}, status=400)
    return _store(request, form)


def _length(request: HttpRequest) -> int:
    """As announced; what is no number is too much."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else sys.maxsize


def _store(request: HttpRequest, form: Posted) -> HttpResponse:
    try:
        token = read_token(form.first(TOKEN_FIELD))
        version = _version_of(token, form.place)
    except BadToken:
        return _forged(request, form)
    if _is_stuffed(form, version):
        return render(request, "surveys/refused.html", {"place": form.place, "too_large": True}, status=400)
    if token.is_expired(form.now):
        token = replace(token, shown_at=form.now)
        return _again(request, form, version, token, _("The form was open for more than a day. Please send it again."))
    # Whoever began before closing time may finish.
    moment = token.shown_at if form.now - token.shown_at < GRACE else form.now
    if (state := form.place.opening(moment)) is not Opening.OPEN:
        return _not_open(request, form.place, state)
    take_photos(request, form, version.definition, token.key)
    if layout_of(version.definition) == PER_QUESTION and form.first(BUTTON_FIELD) != steps.SEND:
        return steps.turn(request, form, version, token)
    return _submit(request, form, version, token)


def _forged(request: HttpRequest, form: Posted) -> HttpResponse:
    """No form of ours, or changed since: counted and logged, nothing stored. What a person typed still comes back."""
    place = form.place
    count_post(survey_id=place.survey.pk, by={Kind.FORGED: network_of(request)}, now=form.now)
    logger.warning("survey.forged survey=%s point=%s", place.survey.slug, place.point_id)
    token = new_token(version_id=place.version.pk, point_id=place.point_id, now=form.now)
    notice = _("The form had changed on its way. Please send it again.")
    response = _again(request, form, place.version, token, notice)
    response.status_code = 400
    return response


def _is_stuffed(form: Posted, version: QuestionnaireVersion) -> bool:
    """More fields than any form of this version has; what is merely unknown gets a message instead."""
    choices = sum(len(question.get("choices", ())) for question in version.definition["questions"])
    most = len(field_names(version.definition)) + choices + FIELDS_TO_SPARE
    return sum(map(len, form.fields.values())) > most


def _version_of(token: FormToken, place: Place) -> QuestionnaireVersion:
    """The version the form was shown under, with what storing needs; no query while it is the current one."""
    if token.point_id != place.point_id:
        raise BadToken("another place")
    current = place.version
    if token.version_id == current.pk:
        current.survey = place.survey
        return current
    version = version_for(place.survey.slug, token.version_id)
    if version is None:
        raise BadToken("another survey")
    return version


def _submit(request: HttpRequest, form: Posted, version: QuestionnaireVersion, token: FormToken) -> HttpResponse:
    if form.misses_service:
        form.errors[SERVICE_FIELD] = _("Please choose the service you used.")
    try:
        if form.errors:
            read_answers(version.definition, form.values, profiles=PROFILES)
            raise InvalidAnswers({})
        response = form.place.store(
            visit=token.visit,
            version=version,
            point=form.place.point,
            answers=form.values,
            key=token.key,
            channel=form.place.channel,
            language=language(),
            now=form.now,
            service=form.service,
            flags=[*seen_flags(request, form.place, form.fields), *_late(form)],
            seconds=int((form.now - token.shown_at).total_seconds()),
            guard=guard_of(request, form.place, token, form.fields, form.now),
        )
    except ProofRequired as error:
        return one_moment(request, form.place, token=token, posted=form.fields, error=error, now=form.now)
    except InvalidAnswers as error:
        form.errors |= sentences(error.faults)
        return _again(request, form, version, token)
    except (SurveyClosed, WrongPlace):
        return _not_open(request, form.place, Opening.CLOSED)
    return HttpResponse(status=303, headers={"Location": form.place.receipt_url(response)})


def _late(form: Posted) -> list[str]:
    """Sent in the grace after the survey closed: counted, and marked."""
    return [] if form.place.opening(form.now) is Opening.OPEN else [LATE]


def _again(
    request: HttpRequest, form: Posted, version: QuestionnaireVersion, token: FormToken, notice: str = ""
) -> HttpResponse:
    """The form with everything typed kept and a message beside each field."""
    definition = version.definition
    if layout_of(definition) == PER_QUESTION:
        return steps.again(request, form, version, token, notice)
    questions = rendered(definition, form.values, form.errors)
    context = form_context(form.place, version, token, form.services, chosen=form.service_given, questions=questions)
    context["errors"] = error_links(definition, form.errors)
    if notice:
        context["errors"] = [{"href": "#send", "text": notice}, *context["errors"]]
    context["service_error"] = form.errors.get(SERVICE_FIELD, "")
    return render(request, "surveys/form.html", context, status=422)


def _not_open(request: HttpRequest, place: Place, state: Opening) -> HttpResponse:
    page = getattr(place.survey, "page", None)
    context: dict[str, Any] = {"place": place, "survey_title": place.text("title"), "agency": place.survey.agency}
    if state is Opening.UPCOMING:
        return render(request, "surveys/closed.html", context | {"opens_on": page.opens_on}, status=200)
    return render(request, "surveys/closed.html", context, status=410)


def _unknown_code(request: HttpRequest, code: str) -> HttpResponse:
    """A forged and a revoked code get the same page; only the status tells a machine that a poster is out of date."""
    status = 410 if is_signed(normalise(code), signing_keys()) else 404
    return render(request, "surveys/unknown.html", status=status)


def _thanks(request: HttpRequest, place: Place) -> HttpResponse:
    with speaking(request, place):
        return render(request, "surveys/thanks.html", thanks_context(request, place, timezone.now()))

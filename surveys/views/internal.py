"""Surveys among civil servants: the citizen's form behind the sign-in, once per person and quarter.

The answer is stored without its person (services.internal); the address it leads to carries no receipt either, because
a log of addresses knows the time.
"""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Service
from surveys.errors import AlreadyAnswered
from surveys.models import Survey
from surveys.selectors.forms import survey_for
from surveys.services.internal import has_taken_part

from .answering import answer
from .staff_places import InternalPlace


@cache_control(private=True, no_store=True)
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def internal_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Shown to whoever is signed in and has not answered in this quarter."""
    survey = _internal(slug)
    if survey is None:
        return render(request, "surveys/unknown.html", status=404)
    if not (request.user.is_authenticated and request.user.is_active):
        return redirect_to_login(request.get_full_path())
    place, now = InternalPlace(survey, user=request.user), timezone.now()
    if request.method != "POST" and has_taken_part(survey=survey, user=request.user, on=place.day(now)):
        return _already(request, place)
    try:
        return answer(request, place)
    except AlreadyAnswered:
        return _already(request, place)


@cache_control(private=True, no_store=True)
@require_safe
def internal_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _internal(slug)
    if survey is None:
        return render(request, "surveys/unknown.html", status=404)
    return render(request, "surveys/internal_thanks.html", {"place": InternalPlace(survey), "agency": survey.agency})


def _already(request: HttpRequest, place: InternalPlace) -> HttpResponse:
    context = {"place": place, "agency": place.survey.agency, "is_repeated": True}
    return render(request, "surveys/internal_thanks.html", context, status=409 if request.method == "POST" else 200)


def _internal(slug: str) -> Survey | None:
    survey = survey_for(slug)
    return survey if survey is not None and survey.audience == Service.Audience.INTERNAL else None

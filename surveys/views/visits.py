"""The address on a visit slip: the form of its place, opened with the slip.

A slip that was used or has lapsed leads to the same form without it, so nobody is turned away; the answer is then an
open one. Guessing costs no read of slips while the check characters are wrong, and a network that keeps guessing is
refused for the rest of the window.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.addresses import network_of
from surveys.limits import Kind
from surveys.selectors.visits import guesses_used_up, visit_for
from surveys.services.limits import count_post

from .answering import answer
from .places import Place

# Counted over all surveys: a guess names none.
_NO_SURVEY = 0


@gzip_page
@cache_control(private=True, no_store=True)
@require_safe
def visit_form(request: HttpRequest, code: str) -> HttpResponse:
    """The form itself is posted to the address of its service point."""
    now, network = timezone.now(), network_of(request)
    if guesses_used_up(survey_id=_NO_SURVEY, network=network, now=now):
        return render(request, "surveys/unknown.html", status=429)
    token = visit_for(code)
    if token is None:
        count_post(survey_id=_NO_SURVEY, by={Kind.VISIT: network}, now=now)
        return render(request, "surveys/unknown.html", status=404)
    place = Place(token.point.survey, token.point, visit=token.digest)
    if token.is_spent or token.expires_on < place.day(now):
        return render(request, "surveys/visit_used.html", {"place": place, "agency": place.survey.agency})
    return answer(request, place)

"""What an officer does at a service point: ask somebody, hand out visit slips."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import View
from wagtail.permissions import policy_registry

from surveys.models import ServicePoint
from surveys.views.answering import answer
from surveys.views.staff_places import AssistedPlace

_FORM_JOINS = ("current_version", "agency__region", "service", "page")


def collecting_point(request: HttpRequest, pk: int) -> ServicePoint:
    """A point in use that the person may see (else 404) and collect answers at (else 403), ready to show its form."""
    joined = [f"survey__{name}" for name in _FORM_JOINS]
    points = ServicePoint.objects.visible_to(request.user).active().filter(survey__current_version__isnull=False)
    point = get_object_or_404(points.select_related("agency__region", "service", "survey", *joined), pk=pk)
    policy = policy_registry.get_by_type(ServicePoint)
    if not policy.user_has_permission_for_instance(request.user, "collect", point):
        raise PermissionDenied
    return point


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class InterviewView(View):
    """The citizen's form on the officer's phone: the session makes it an assisted answer, nothing posted can."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk)

    def _answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = collecting_point(request, pk)
        return answer(request, AssistedPlace(point.survey, point))


class InterviewedView(View):
    """Stored; on to the next person."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = collecting_point(request, pk)
        place = AssistedPlace(point.survey, point)
        return render(request, "surveys/interviewed.html", {"place": place, "agency": point.agency, "point": point})

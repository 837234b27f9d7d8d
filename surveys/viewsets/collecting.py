"""What an officer does at a service point: ask somebody, print paper forms, hand out visit slips."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.generic import FormView, View
from wagtail.permissions import policy_registry

from surveys.models import ServicePoint
from surveys.selectors.visits import slips_of
from surveys.services.printing import MOST_COPIES, paper_form_pdf, slips_pdf, visit_url
from surveys.services.visits import LIFETIME_DAYS, MAXIMUM_DAYS, MAXIMUM_SLIPS, Slip, issue_visits
from surveys.views.answering import answer
from surveys.views.staff_places import AssistedPlace
from surveys.visitcodes import grouped

from .branding import poster_brand
from .screens import Screen

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


class PaperFormView(View):
    """The questionnaire to print; ``?first=41&copies=20`` numbers the sheets."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        points = ServicePoint.objects.visible_to(request.user).filter(survey__current_version__isnull=False)
        joined = ("agency__region", "service", "survey__current_version__survey__service")
        point = get_object_or_404(points.select_related(*joined), pk=pk)
        brand, version = poster_brand(point), point.survey.current_version
        document = paper_form_pdf(
            version,
            point,
            brand_colour=brand.colour,
            logo=brand.logo,
            logo_format=brand.logo_format,
            copies=_whole(request.GET.get("copies", "1"), most=MOST_COPIES),
            first_serial=_whole(request.GET["first"], most=99_999) if request.GET.get("first") else None,
        )
        return _file(document, "application/pdf", f"formulir-{point.code}-v{version.number}.pdf", shown=True)


def _whole(text: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= most):
        raise Http404
    return int(text)


class SlipsForm(forms.Form):
    """How many slips, for how long, and on what."""

    count = forms.IntegerField(label=_("Number of slips"), min_value=1, max_value=MAXIMUM_SLIPS, initial=50)
    days = forms.IntegerField(
        label=_("Good for how many days"), min_value=1, max_value=MAXIMUM_DAYS, initial=LIFETIME_DAYS
    )
    kind = forms.ChoiceField(
        label=_("As"),
        choices=[
            ("pdf", _("Sheets to print and cut (PDF)")),
            ("csv", _("List for a receipt printer or queue machine (CSV)")),
        ],
        widget=forms.RadioSelect,
        initial="pdf",
    )


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class SlipsView(Screen, FormView):
    """Make visit slips. They are in this one answer and nowhere else."""

    form_class = SlipsForm
    template_name = "surveys/admin/point_slips.html"
    page_title = _("Visit slips")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.point = collecting_point(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.point.name

    def trail(self) -> list[tuple[str, Any]]:
        own = reverse("service_points:inspect", args=[self.point.pk])
        return [(reverse("service_points:index"), gettext("Service points")), (own, self.point.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.now().astimezone(self.point.agency.region.zone).date()
        issues = self.point.visit_issues.select_related("issued_by")[:10]
        return super().get_context_data(point=self.point, slips=slips_of(self.point, today), issues=issues, **kwargs)

    def form_valid(self, form: SlipsForm) -> HttpResponse:
        given = form.cleaned_data
        slips = issue_visits(
            point=self.point,
            count=given["count"],
            days=given["days"],
            now=timezone.now(),
            actor=self.request.user,
        )
        if given["kind"] == "csv":
            return _slips_csv(slips, self.point)
        document = slips_pdf(slips, self.point, brand_colour=poster_brand(self.point).colour)
        return _file(document, "application/pdf", f"slip-{self.point.code}.pdf")


def _slips_csv(slips: list[Slip], point: ServicePoint) -> HttpResponse:
    """Code, address and last day; nothing in it a spreadsheet would execute."""
    response = _file(b"", "text/csv; charset=utf-8", f"slip-{point.code}.csv")
    rows = csv.writer(response)
    rows.writerow(["code", "url", "expires_on"])
    rows.writerows([grouped(slip.code), visit_url(slip), slip.expires_on.isoformat()] for slip in slips)
    return response


def _file(body: bytes, content_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    disposition = f'{"inline" if shown else "attachment"}; filename="{name}"'
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": disposition})

"""The dashboard of a region, an agency, a service or a point: one screen, kept up to date by a small script.

Whole page and fragment are the same view: ``?fragment=1`` gives what the script exchanges, with a tag that makes an
unchanged fragment cost no transfer. Without the script the page is read as it was loaded.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.models import Agency, Region, Service
from core.period_words import period_words
from core.periods import Period, PeriodKind, period_from_key, period_of
from core.permissions import ALL_ROLES, scope_of
from surveys.models import ServicePoint
from surveys.selectors.dashboard import Unit, dashboard_for, periods_to_choose, region_of
from surveys.selectors.numbering import numbering_in
from surveys.selectors.standing_for import subject_of

from .desk_words import body_context

# Seconds between two looks of the script; the tallies are exact at every one of them.
REFRESH_SECONDS = 45
NAMES = {Region: "region", Agency: "agency", Service: "service", ServicePoint: "point"}


def url_of(unit: Unit) -> str:
    return reverse(f"ikm:{NAMES[type(unit)]}", args=[unit.pk])


def home(request: HttpRequest) -> HttpResponse:
    """To the dashboard of whatever the person answers for."""
    subject = subject_of(request.user)
    if subject is None:
        raise PermissionDenied
    return redirect(url_of(subject))


def visible_unit(request: HttpRequest, kind: str, pk: int) -> Unit:
    """A unit within the person's scope; anything else is as if it did not exist."""
    scope = scope_of(request.user)
    rows = {
        "region": Region.objects.filter(scope.region_q(ALL_ROLES, field="pk")),
        "agency": Agency.objects.filter(scope.agency_q(ALL_ROLES)).select_related("region", "parent"),
        "service": Service.objects.filter(scope.agency_q(ALL_ROLES, "agency__")).select_related("agency__region"),
        "point": ServicePoint.objects.visible_to(request.user).select_related("agency__region", "service"),
    }[kind]
    if not scope.has_any(ALL_ROLES):
        raise PermissionDenied
    unit: Unit | None = rows.filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


def trail(request: HttpRequest, unit: Unit) -> list[dict[str, str]]:
    """The units above, those the person may open as links."""
    above: list[Unit] = []
    if isinstance(unit, ServicePoint) and unit.service:
        above.append(unit.service)
    if not isinstance(unit, (Region, Agency)):
        above.append(unit.agency)
    above.append(region_of(unit))
    rows = [row for row in reversed(above) if row != unit]
    scope = scope_of(request.user)
    open_region = scope.covers_region(ALL_ROLES, region_of(unit).pk)
    return [
        {"url": url_of(row) if open_region or not isinstance(row, Region) else "", "label": str(row)} for row in rows
    ]


class DashboardView(WagtailAdminTemplateMixin, TemplateView):
    kind = "region"
    template_name = "surveys/desk/dashboard.html"
    fragment_template = "surveys/desk/dashboard_body.html"
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.unit, self.now = visible_unit(request, self.kind, kwargs["pk"]), timezone.now()
        if "fragment" in request.GET:
            return self.fragment(request)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Satisfaction index")

    def get_page_subtitle(self) -> str:
        return str(self.unit)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, *trail(self.request, self.unit), {"url": "", "label": str(self.unit)}]

    @cached_property
    def period(self) -> Period:
        """The one asked for, else the running quarter; the future has no answers."""
        on = self.now.astimezone(region_of(self.unit).zone).date()
        try:
            asked = period_from_key(self.request.GET.get("periode", ""))
        except ValueError:
            return period_of(on, PeriodKind.QUARTER)
        return asked if asked.start <= on else period_of(on, asked.kind)

    @property
    def by_successor(self) -> bool:
        return "penerus" in self.request.GET

    def body(self) -> dict[str, Any]:
        board = dashboard_for(unit=self.unit, period=self.period, now=self.now, by_successor=self.by_successor)
        return body_context(board, self.unit, numbering_in(region_of(self.unit).pk))

    def fragment(self, request: HttpRequest) -> HttpResponse:
        html = render_to_string(self.fragment_template, self.body(), request=request)
        tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
        unchanged = request.headers.get("If-None-Match") == tag
        response = HttpResponseNotModified() if unchanged else HttpResponse(html)
        response["ETag"], response["Cache-Control"] = tag, "no-cache, private"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.now.astimezone(region_of(self.unit).zone).date()
        choices = [(period.key, period_words(period)) for period in periods_to_choose(on, self.period.kind)]
        kinds = [(period_of(on, kind).key, label, kind == self.period.kind) for kind, label in kind_names()]
        query = f"?periode={self.period.key}{'&penerus=1' if self.by_successor else ''}"
        return super().get_context_data(
            **self.body(),
            period_key=self.period.key,
            periods=choices,
            kinds=kinds,
            fragment_url=f"{url_of(self.unit)}{query}&fragment=1",
            every=REFRESH_SECONDS,
            **kwargs,
        )


def kind_names() -> list[tuple[PeriodKind, str]]:
    return [(PeriodKind.MONTH, _("Month")), (PeriodKind.QUARTER, _("Quarter")), (PeriodKind.YEAR, _("Year"))]

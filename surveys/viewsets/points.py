"""Service points: list, form, code, QR files and poster."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from core.viewsets.scoped import ScopedEditView, ScopedIndexView, ScopedInspectView, ScopedViewSet
from surveys import qr
from surveys.models import ServicePoint
from surveys.selectors.staff import point_details
from surveys.selectors.visits import collecting_at
from surveys.services.points import retire_point, rotate_code
from surveys.services.posters import point_url, poster_pdf, poster_texts, spoken_url
from surveys.services.printing import MOST_COPIES
from surveys.viewsets.branding import poster_brand

from .answers import visible_surveys
from .collecting import InterviewedView, InterviewView, PaperFormView, SlipsView
from .forms import CodeForm, ServicePointForm
from .screens import Screen


def visible_point(request: HttpRequest, pk: int, *, to_change: bool = False) -> ServicePoint:
    """The point when the person may see it (else 404) and, where asked, change it (else 403)."""
    points = ServicePoint.objects.visible_to(request.user).select_related("agency__region", "service", "survey")
    point = get_object_or_404(points, pk=pk)
    policy = policy_registry.get_by_type(ServicePoint)
    if to_change and not policy.user_has_permission_for_instance(request.user, "change", point):
        raise PermissionDenied
    return point


class PointFilterSet(WagtailFilterSet):
    survey = django_filters.ModelChoiceFilter(queryset=visible_surveys, label=gettext_lazy("Survey"))

    class Meta:
        model = ServicePoint
        fields = ("survey", "kind", "is_active")


class PointIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[ServicePoint]:
        return super().get_base_queryset().select_related("agency", "service", "survey")

    def get_list_more_buttons(self, instance: ServicePoint) -> list[Button]:
        names = [(_("Poster"), "poster", "print"), (_("Poster as PDF"), "poster_pdf", "doc-full"),
                 (_("QR as PNG"), "png", "image"), (_("QR as SVG"), "svg", "image")]  # fmt: skip
        files = [
            Button(label, url=reverse(f"service_points:{name}", args=[instance.pk]), icon_name=icon, priority=place)
            for place, (label, name, icon) in enumerate(names, start=50)
        ]
        return [*super().get_list_more_buttons(instance), *files]


class PointEditView(ScopedEditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**point_screen(self.object), may_change=True, may_collect=True, **kwargs)


class PointInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = {"may_change": self._may("change"), "may_collect": self._may("collect")}
        return super().get_context_data(**point_screen(self.object), **may, **kwargs)


def point_screen(point: ServicePoint) -> dict[str, Any]:
    rows = qr.matrix(point_url(point))
    drawing = {"qr_side": len(rows), "qr_path": qr.svg_path(rows)}
    address = {"spoken_url": spoken_url(point), "url": point_url(point)}
    today = timezone.now().astimezone(point.agency.region.zone).date()
    return {
        "point": point,
        **address,
        **drawing,
        **point_details(point),
        "collecting": collecting_at(point, today),
        "most_copies": MOST_COPIES,
    }


class CodeView(Screen, FormView):
    """Give a point a new code or take it out of use; both revoke the printed one, with a reason."""

    form_class = CodeForm
    template_name = "surveys/admin/point_code.html"
    page_title = gettext_lazy("Revoke the code")
    header_icon = "rotate"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.point = visible_point(request, kwargs["pk"], to_change=True)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.point.name

    def trail(self) -> list[tuple[str, Any]]:
        own = reverse("service_points:inspect", args=[self.point.pk])
        return [(reverse("service_points:index"), _("Service points")), (own, self.point.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(point=self.point, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        act = retire_point if form.cleaned_data["action"] == "retire" else rotate_code
        act(point=self.point, reason=form.cleaned_data["reason"], now=timezone.now(), actor=self.request.user)
        messages.success(self.request, _("The printed code no longer works. Take the old poster down."))
        return redirect("service_points:inspect", self.point.pk)


class PosterView(View):
    """One A4 page for the browser's own print dialogue."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = visible_point(request, pk)
        rows = qr.matrix(point_url(point))
        context = poster_texts(point) | {
            "point": point, "qr_side": len(rows), "qr_path": qr.svg_path(rows), "poster": poster_brand(point),
        }  # fmt: skip
        return render(request, "surveys/admin/poster.html", context)


class PosterPdfView(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = visible_point(request, pk)
        brand = poster_brand(point)
        document = poster_pdf(point, brand_colour=brand.colour, logo=brand.logo, logo_format=brand.logo_format)
        return _file(document, "application/pdf", f"poster-{point.code}.pdf")


class PngView(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = visible_point(request, pk)
        return _file(qr.png(point_url(point)), "image/png", f"qr-{point.code}.png")


class SvgView(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = visible_point(request, pk)
        return _file(qr.svg(point_url(point)), "image/svg+xml", f"qr-{point.code}.svg")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


class ServicePointViewSet(ScopedViewSet):
    # A point is taken out of use, never deleted.
    without = frozenset({"delete"})
    model = ServicePoint
    name = "service_points"
    url_prefix = "service-points"
    icon = "mobile-alt"
    menu_label = gettext_lazy("Service points")
    menu_order = 240
    add_to_admin_menu = True
    index_view_class = PointIndexView
    edit_view_class = PointEditView
    inspect_view_class = PointInspectView
    edit_template_name = "surveys/admin/point_edit.html"
    inspect_template_name = "surveys/admin/point.html"
    search_fields = ("name", "code", "agency__name", "agency__short_name")
    filterset_class = PointFilterSet
    list_display = (
        "name",
        Column("agency.short_name", label=gettext_lazy("Agency"), sort_key="agency__short_name"),
        "service",
        "survey",
        Column("printed_code", label=gettext_lazy("Code")),
        BooleanColumn("is_active", label=gettext_lazy("In use")),
    )
    inspect_view_fields = ("name", "kind", "agency", "service", "survey")

    def get_form_class(self, for_update: bool = False) -> type[ServicePointForm]:
        return ServicePointForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/paper.pdf", PaperFormView.as_view(), name="paper_pdf"),
            path("<int:pk>/slips/", SlipsView.as_view(), name="slips"),
            path("<int:pk>/interview/", InterviewView.as_view(), name="interview"),
            path("<int:pk>/interview/stored/", InterviewedView.as_view(), name="interviewed"),
            path("<int:pk>/code/", CodeView.as_view(), name="code"),
            path("<int:pk>/poster/", PosterView.as_view(), name="poster"),
            path("<int:pk>/poster.pdf", PosterPdfView.as_view(), name="poster_pdf"),
            path("<int:pk>/qr.png", PngView.as_view(), name="png"),
            path("<int:pk>/qr.svg", SvgView.as_view(), name="svg"),
        ]

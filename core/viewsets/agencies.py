"""Agencies and services: lists, forms, history of names, import and export."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import Button

from core.exchange.resources import AgencyResource, ServiceResource
from core.models import Agency, AgencyName, Region, Service
from core.viewsets.exchange import ConfirmImportView, ExportView, ImportView, may_import
from core.viewsets.forms import AgencyForm, ServiceForm
from core.viewsets.scoped import ScopedEditView, ScopedIndexView, ScopedInspectView, ScopedViewSet


def visible_agencies(request: HttpRequest) -> QuerySet[Agency]:
    return Agency.objects.visible_to(request.user).in_tree_order()


def visible_regions(request: HttpRequest) -> QuerySet[Region]:
    return Region.objects.filter(agencies__in=Agency.objects.visible_to(request.user)).distinct()


class AgencyFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=Agency.Kind.choices, label=_("Kind"))
    region = django_filters.ModelChoiceFilter(queryset=visible_regions, label=_("Region"))

    class Meta:
        model = Agency
        fields = ("kind", "region")


class ServiceFilterSet(WagtailFilterSet):
    agency = django_filters.ModelChoiceFilter(queryset=visible_agencies, label=_("Agency"))
    audience = django_filters.ChoiceFilter(choices=Service.Audience.choices, label=_("Audience"))

    class Meta:
        model = Service
        fields = ("agency", "audience")


class ExchangeIndexView(ScopedIndexView):
    """Adds import and export to the list's menu."""

    import_url_name = ""
    export_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = [*super().header_more_buttons]
        for kind, label in (("xlsx", _("Export as XLSX")), ("csv", _("Export as CSV"))):
            url = reverse(self.export_url_name, args=[kind])
            buttons.append(Button(label, url=url, icon_name="download", priority=80))
        if may_import(self.request.user):
            url = reverse(self.import_url_name)
            buttons.append(Button(_("Import from a file"), url=url, icon_name="upload", priority=70))
        return buttons


class AgencyIndexView(ExchangeIndexView):
    """The tree, indented; searching finds former names too."""

    def get_base_queryset(self) -> QuerySet[Agency]:
        return super().get_base_queryset().select_related("parent", "region").in_tree_order()

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("name", label=_("Name"), accessor="indented_name", get_url=self._url_of, width="36%"),
            Column("code", label=_("Code"), sort_key="code"),
            Column("short_name", label=_("Short name"), sort_key="short_name"),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("parent", label=_("Parent agency"), accessor="parent.short_name"),
            Column("active_until", label=_("Active until"), sort_key="active_until"),
        ]

    def _url_of(self, agency: Agency) -> str | None:
        return self.get_edit_url(agency) or self.get_inspect_url(agency)

    def search_queryset(self, queryset: QuerySet[Agency]) -> QuerySet[Agency]:
        if not self.search_query:
            return queryset
        words = self.search_query
        own = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words)
        former = AgencyName.objects.filter(name__icontains=words).values("agency")
        return queryset.filter(own | Q(pk__in=former))


class AgencyEditView(ScopedEditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(names=self.object.names.all(), **kwargs)


class AgencyInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(names=self.object.names.all(), **kwargs)


class ExchangeViewSet(ScopedViewSet):
    resource_class: Any = None

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = {"import_url_name": self.get_url_name("import"), "export_url_name": self.get_url_name("export")}
        return super().get_index_view_kwargs(**{**names, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        shared = {
            "resource_class": self.resource_class,
            "what": self.name,
            "import_url_name": self.get_url_name("import"),
            "confirm_url_name": self.get_url_name("import_confirm"),
        }
        return [
            *super().get_urlpatterns(),
            path("import/", self.construct_view(ImportView, **shared), name="import"),
            path("import/confirm/", self.construct_view(ConfirmImportView, **shared), name="import_confirm"),
            path("export/<str:kind>/", self.construct_view(ExportView, **shared), name="export"),
        ]


class AgencyViewSet(ExchangeViewSet):
    model = Agency
    name = "agencies"
    icon = "group"
    menu_label = _("Agencies")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = AgencyIndexView
    edit_view_class = AgencyEditView
    inspect_view_class = AgencyInspectView
    edit_template_name = "core/agency/edit.html"
    inspect_template_name = "core/agency/inspect.html"
    resource_class = AgencyResource
    search_fields = ("name", "short_name", "code")
    filterset_class = AgencyFilterSet
    inspect_view_fields = (
        "name", "short_name", "code", "kind", "region", "parent", "district",
        "active_from", "active_until", "working_week", "joint_leave_observed",
    )  # fmt: skip

    def get_form_class(self, for_update: bool = False) -> type[AgencyForm]:
        return AgencyForm


class ServiceIndexView(ExchangeIndexView):
    def get_base_queryset(self) -> QuerySet[Service]:
        return super().get_base_queryset().select_related("agency")


class ServiceViewSet(ExchangeViewSet):
    model = Service
    name = "services"
    icon = "list-ul"
    menu_label = _("Services")
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = ServiceIndexView
    resource_class = ServiceResource
    search_fields = ("name", "code", "agency__name", "agency__short_name")
    filterset_class = ServiceFilterSet
    list_display = ("name", "code", "agency__short_name", "audience", "active_until")
    inspect_view_fields = ("name", "code", "agency", "audience", "active_from", "active_until", "successors")

    def get_form_class(self, for_update: bool = False) -> type[ServiceForm]:
        return ServiceForm

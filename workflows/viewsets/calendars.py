"""Staff screens for closed days, office hours and time limits."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import Button

from core.models import Region
from core.viewsets.scoped import ScopedEditView, ScopedIndexView, ScopedInspectView, ScopedViewSet
from workflows.models import CalendarLayer, SlaPolicy, WorkingHours
from workflows.viewsets.calendar_forms import HoursForm, LayerForm, LimitForm, NewVersionForm

SCOPE = FieldRowPanel([FieldPanel("region"), FieldPanel("agency")])


def regions_with_rows(request: HttpRequest) -> Any:
    rows = CalendarLayer.objects.visible_to(request.user)
    return Region.objects.filter(pk__in=rows.values("region"))


class LayerFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=CalendarLayer.Kind.choices, label=_("Kind"))
    year = django_filters.NumberFilter(label=_("Year"))
    region = django_filters.ModelChoiceFilter(queryset=regions_with_rows, label=_("Region"))

    class Meta:
        model = CalendarLayer
        fields = ("kind", "year", "region")


class CalendarIndexView(ScopedIndexView):
    """Whoever may not change a row reads it."""

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Any:
        column = super()._get_title_column(
            field_name, **({"column_class": column_class} if column_class else {}), **kwargs
        )
        column._get_url_func = lambda row: self.get_edit_url(row) or self.get_inspect_url(row)
        return column


class CalendarInspectView(ScopedInspectView):
    """Says in words what an empty value means."""

    EMPTY = {"region": _("Whole country"), "agency": _("All agencies")}

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self.object, field_name, None)
        if value is None or value == "":
            return self.EMPTY.get(field_name, "–")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return super().get_field_display_value(field_name, field)


class LayerViewSet(ScopedViewSet):
    model = CalendarLayer
    name = "calendar_layers"
    icon = "calendar-alt"
    menu_label = _("Holidays and closures")
    menu_order = 100
    index_view_class = CalendarIndexView
    inspect_view_class = CalendarInspectView
    filterset_class = LayerFilterSet
    search_fields = ("name", "source")
    list_display = ("__str__", "kind", "region", "agency", "source", "provisional", "superseded_on")
    inspect_view_fields = (
        "name", "kind", "year", "region", "agency", "source", "source_url", "decided_on", "known_from",
        "first_day", "last_day", "listed_days", "provisional", "superseded_on", "superseded_by", "note", "approved_by",
    )  # fmt: skip
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("year")]),
            FieldPanel("name"),
            SCOPE,
            MultiFieldPanel(
                [
                    FieldPanel("source"),
                    FieldPanel("source_url"),
                    FieldRowPanel([FieldPanel("decided_on"), FieldPanel("known_from")]),
                ],
                heading=_("Document"),
            ),
            FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
            FieldPanel("provisional"),
            InlinePanel(
                "days",
                label=_("closed day"),
                heading=_("Closed days"),
                panels=[
                    FieldRowPanel([FieldPanel("on"), FieldPanel("name")]),
                    FieldRowPanel([FieldPanel("added_on"), FieldPanel("added_by")]),
                    FieldRowPanel([FieldPanel("removed_on"), FieldPanel("removed_by")]),
                ],
            ),
            FieldRowPanel([FieldPanel("superseded_on"), FieldPanel("superseded_by")]),
            FieldPanel("note"),
        ],
        base_form_class=LayerForm,
    )


class HoursViewSet(ScopedViewSet):
    model = WorkingHours
    name = "working_hours"
    icon = "history"
    menu_label = _("Office hours")
    menu_order = 110
    index_view_class = CalendarIndexView
    inspect_view_class = CalendarInspectView
    search_fields = ("name", "code")
    list_display = ("name", "working_week", "region", "agency", "source")
    inspect_view_fields = ("name", "code", "working_week", "region", "agency", "source", "listed_windows")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
            SCOPE,
            FieldPanel("working_week"),
            FieldPanel("source"),
            InlinePanel(
                "windows",
                label=_("opening hours"),
                heading=_("Opening hours"),
                panels=[
                    FieldRowPanel([FieldPanel("season"), FieldPanel("weekday")]),
                    FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                ],
            ),
        ],
        base_form_class=HoursForm,
    )


class LimitIndexView(CalendarIndexView):
    supersede_url_name = ""

    def get_list_more_buttons(self, instance: Model) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if self._may("supersede", instance):
            url = reverse(self.supersede_url_name, args=[instance.pk])
            buttons.append(Button(_("New version"), url=url, icon_name="copy", priority=30))
        return buttons


class NewVersionView(ScopedEditView):
    """Supersedes a version; the old one stays for the cases that were filed under it."""

    permission_required = "supersede"
    instance_actions = ["supersede"]
    page_title = _("New version")
    success_message = _("Version saved: %(object)s.")
    header_more_buttons: list[Button] = []

    def save_instance(self) -> SlaPolicy:
        return self.form.save()

    def get_edit_url(self) -> str:
        return self.request.path

    def get_page_subtitle(self) -> str:
        return gettext("New version of %(limit)s") % {"limit": self.object}

    @cached_property
    def can_delete(self) -> bool:
        return False


class LimitViewSet(ScopedViewSet):
    model = SlaPolicy
    name = "time_limits"
    icon = "time"
    menu_label = _("Time limits")
    menu_order = 120
    index_view_class = LimitIndexView
    inspect_view_class = CalendarInspectView
    search_fields = ("code", "source")
    list_filter = ("clock", "case_class")
    list_display = ("__str__", "clock", "case_class", "category", "region", "agency", "valid_from", "valid_until")
    inspect_view_fields = (
        "code", "version", "clock", "case_class", "category", "region", "agency", "number", "unit",
        "valid_from", "valid_until", "source", "certainty", "note", "used_at",
    )  # fmt: skip
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("clock")]),
            SCOPE,
            FieldRowPanel([FieldPanel("case_class"), FieldPanel("category")]),
            FieldRowPanel([FieldPanel("number"), FieldPanel("unit")]),
            FieldPanel("valid_from"),
            FieldRowPanel([FieldPanel("source"), FieldPanel("certainty")]),
            FieldPanel("note"),
        ],
        base_form_class=LimitForm,
    )

    @property
    def new_version_view(self) -> Any:
        names = {"index_url_name": self.get_url_name("index"), "edit_url_name": self.get_url_name("edit")}
        return self.construct_view(
            NewVersionView, form_class=NewVersionForm, template_name=self.edit_template_name, **names
        )

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(supersede_url_name=self.get_url_name("supersede"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("new-version/<int:pk>/", self.new_version_view, name="supersede"),
        ]


class CalendarViewSetGroup(ViewSetGroup):
    menu_label = _("Deadlines")
    menu_icon = "calendar-alt"
    menu_order = 260
    items = (LayerViewSet, HoursViewSet, LimitViewSet)

"""Instruments without code: list, editor of a draft, what is in use to read, a new version from any, a preview."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from core.viewsets.scoped import ScopedIndexView, ScopedInspectView, ScopedViewSet
from surveys.models import Instrument, InstrumentVersion
from surveys.rendering import render_questions
from surveys.services.versions import define

from .instrument_fields import LANGUAGES, printed_bands
from .instrument_forms import ElementForm, InstrumentForm, NextVersionForm, VersionForm
from .old_tables import OldTableView


class ElementsPanel(InlinePanel):
    """Rows below the version, each with its texts in four languages."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = ElementForm
        return options


def _texts(language: str, label: Any) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(f"question_{language}"), FieldPanel(f"options_{language}")], heading=label)


def visible_instruments(request: HttpRequest) -> Any:
    return Instrument.objects.visible_to(request.user)


class VersionFilterSet(WagtailFilterSet):
    instrument = django_filters.ModelChoiceFilter(queryset=visible_instruments, label=gettext_lazy("Instrument"))

    class Meta:
        model = InstrumentVersion
        fields = ("instrument", "is_locked", "is_offered")


class ReadingIndexView(ScopedIndexView):
    """The name leads to the editor of a draft, and to the reading screen of what cannot change."""

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Any:
        given = {"column_class": column_class} if column_class else {}
        column = super()._get_title_column(field_name, **given, **kwargs)
        column._get_url_func = lambda row: self.get_edit_url(row) or self.get_inspect_url(row)
        return column


class VersionIndexView(ReadingIndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("instrument", "region")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        old = Button(
            _("Read an old table"), url=reverse("instrument_versions:old_table"), icon_name="table", priority=90
        )
        return [*super().header_more_buttons, old]

    def get_list_more_buttons(self, instance: Model) -> list[Button]:
        preview = Button(_("Preview"), url=reverse("instrument_versions:preview", args=[instance.pk]), icon_name="view")
        buttons = [*super().get_list_more_buttons(instance), preview]
        if self.permission_policy.user_has_permission(self.request.user, "add"):
            url = reverse("instrument_versions:next", args=[instance.pk])
            buttons.append(Button(_("New version from this one"), url=url, icon_name="copy", priority=30))
        return buttons


class VersionInspectView(ScopedInspectView):
    """Everything of a version, to read."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.object
        elements = [_shown(element) for element in version.elements.order_by("questionnaire_order")]
        may_add = self.permission_policy.user_has_permission(self.request.user, "add")
        bands = printed_bands(version.bands)
        return super().get_context_data(version=version, elements=elements, bands=bands, may_add=may_add, **kwargs)


def _shown(element: Any) -> dict[str, Any]:
    spoken = [(code, label) for code, label in LANGUAGES.items() if element.question.get(code)]
    texts = [
        {
            "language": code,
            "label": label,
            "question": element.question[code],
            "answers": [element.options[score].get(code, "") for score in sorted(element.options, key=int)],
        }
        for code, label in spoken
    ]
    return {"element": element, "texts": texts}


def visible_version(request: HttpRequest, pk: int) -> InstrumentVersion:
    """A version the person may read (else 404); people without a role in it are refused."""
    if not policy_registry.get_by_type(InstrumentVersion).user_has_permission(request.user, "view"):
        raise PermissionDenied
    return get_object_or_404(InstrumentVersion.objects.visible_to(request.user).select_related("instrument"), pk=pk)


class NextVersionView(WagtailAdminTemplateMixin, FormView):
    """Copy a version into a draft: what is in use is superseded, never changed."""

    form_class = NextVersionForm
    template_name = "surveys/admin/instrument_next.html"
    page_title = gettext_lazy("New version")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.source = visible_version(request, kwargs["pk"])
        if not policy_registry.get_by_type(InstrumentVersion).user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.source)

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.source.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"source": self.source, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(version=self.source, **kwargs)

    def form_valid(self, form: NextVersionForm) -> HttpResponse:
        draft = form.save()
        messages.success(self.request, _("The draft “%(name)s” was made.") % {"name": draft})
        return redirect("instrument_versions:edit", draft.pk)


class PreviewView(View):
    """The questions as a citizen would meet them; nothing can be sent."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = visible_version(request, pk)
        asked = request.GET.get("lang", "id")
        language = asked if asked in LANGUAGES else "id"
        html = render_questions(define(instrument_version=version, profile=()), language, profiles={})
        questions = mark_safe(html)  # noqa: S308  our own template, escaped there
        context = {"version": version, "questions": questions, "languages": LANGUAGES.items(), "language": language}
        return render(request, "surveys/admin/instrument_preview.html", context)


class InstrumentViewSet(ScopedViewSet):
    model = Instrument
    name = "instruments"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Instruments")
    index_view_class = ReadingIndexView
    list_display = ("name", "code", "region", BooleanColumn("is_official", label=gettext_lazy("Fixed by a regulation")))
    inspect_view_fields = ("name", "code", "region", "is_official")
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("code"), FieldPanel("region")], base_form_class=InstrumentForm
    )


class InstrumentVersionViewSet(ScopedViewSet):
    model = InstrumentVersion
    name = "instrument_versions"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Versions of instruments")
    index_view_class = VersionIndexView
    inspect_view_class = VersionInspectView
    inspect_template_name = "surveys/admin/instrument_version.html"
    search_fields = ("name", "code", "regulation")
    filterset_class = VersionFilterSet
    list_display = (
        "name",
        Column("instrument", label=gettext_lazy("Instrument")),
        Column("region", label=gettext_lazy("Region")),
        "year",
        BooleanColumn("is_offered", label=gettext_lazy("Offered")),
        BooleanColumn("is_locked", label=gettext_lazy("In use")),
    )
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("instrument"), FieldPanel("region")]),
            FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
            FieldRowPanel([FieldPanel("regulation"), FieldPanel("year")]),
            MultiFieldPanel(
                [
                    FieldPanel("scale_max"),
                    FieldPanel("weight_rule"),
                    FieldPanel("rounding_rule"),
                    FieldPanel("grades"),
                ],
                heading=gettext_lazy("From answers to the index"),
            ),
            ElementsPanel(
                "elements",
                label=gettext_lazy("element"),
                heading=gettext_lazy("Elements"),
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("weight")]),
                    FieldRowPanel([FieldPanel("list_order"), FieldPanel("questionnaire_order")]),
                    *(_texts(language, label) for language, label in LANGUAGES.items()),
                ],
            ),
            MultiFieldPanel(
                [FieldPanel("is_offered"), FieldPanel("certainty"), FieldPanel("source")],
                heading=gettext_lazy("Notes"),
            ),
        ],
        base_form_class=VersionForm,
    )

    @cached_property
    def next_view(self) -> Any:
        return NextVersionView.as_view()

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("next/<int:pk>/", self.next_view, name="next"),
            path("preview/<int:pk>/", PreviewView.as_view(), name="preview"),
            path("old-table/", OldTableView.as_view(), name="old_table"),
        ]


class InstrumentViewSetGroup(ViewSetGroup):
    menu_label = gettext_lazy("Survey instruments")
    menu_icon = "clipboard-list"
    menu_order = 245
    items = (InstrumentVersionViewSet, InstrumentViewSet)

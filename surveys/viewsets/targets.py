"""Survey targets: how many people are served, how many have to be asked, how many have answered."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton

from core.period_words import period_words
from core.viewsets.scoped import ScopedIndexView, ScopedViewSet
from surveys.models import SurveyTarget
from surveys.selectors.targets import progress_of
from surveys.targets import Pace, Progress
from surveys.viewsets.missing import MissingView
from surveys.viewsets.result_forms import SurveyTargetForm
from surveys.viewsets.screens import PeriodFilterSet

PACES = {
    Pace.NOT_STARTED: gettext_lazy("Not started yet"),
    Pace.REACHED: gettext_lazy("Reached"),
    Pace.ON_COURSE: gettext_lazy("On course"),
    Pace.AT_RISK: gettext_lazy("At risk"),
    Pace.MISSED: gettext_lazy("Not reached"),
}


class TargetFilterSet(PeriodFilterSet):
    class Meta:
        model = SurveyTarget
        fields = ("period",)


class TargetIndexView(ScopedIndexView):
    @cached_property
    def header_buttons(self) -> list[Button]:
        missing = HeaderButton(_("Who is missing"), url=reverse("survey_targets:missing"), icon_name="group")
        return [*super().header_buttons, missing]

    def get_base_queryset(self) -> QuerySet[SurveyTarget]:
        return super().get_base_queryset().select_related("agency", "service")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Rows of this page only, before the table asks for them.
        rows = list(context["object_list"])
        found = {row.target.pk: row.progress for row in progress_of(rows, timezone.localdate())}
        for row in context["table"].data:
            row.progress = found.get(row.pk)
        return context


class TargetCreateView(generic.CreateView):
    def get_initial_form_instance(self) -> None:
        return None

    def get_initial(self) -> dict[str, Any]:
        """From the list of agencies without one comes everything but the number."""
        given = self.request.GET
        wanted = {"agency": given.get("agency", ""), "period": given.get("period", "")}
        return super().get_initial() | {name: value for name, value in wanted.items() if value.isascii() and value}


def _progress(row: SurveyTarget) -> Progress | None:
    return getattr(row, "progress", None)


def _shown(row: SurveyTarget, name: str) -> object:
    progress = _progress(row)
    return "–" if progress is None else getattr(progress, name)


# A tone of admin.css for each; the word stands inside.
_TONES = {Pace.REACHED: "ok", Pace.AT_RISK: "warn", Pace.MISSED: "bad"}


def _standing(row: SurveyTarget) -> SafeString | str:
    progress = _progress(row)
    if progress is None:
        return "–"
    tone = _TONES.get(progress.pace, "in_progress")
    word = str(PACES[progress.pace]).replace(" ", "\u00a0")
    return format_html('<span class="s-chip s-chip--{}">{}</span>', tone, word)


class SurveyTargetViewSet(ScopedViewSet):
    model = SurveyTarget
    name = "survey_targets"
    url_prefix = "survey-targets"
    icon = "group"
    menu_label = gettext_lazy("Survey targets")
    menu_order = 237
    add_to_admin_menu = True
    index_view_class = TargetIndexView
    add_view_class = TargetCreateView
    filterset_class = TargetFilterSet
    search_fields = ("agency__name", "agency__short_name", "service__name")
    list_display = (
        "agency",
        Column("service", label=gettext_lazy("Service"), accessor=lambda row: row.service or "–"),
        Column("period", label=gettext_lazy("Period"), accessor=lambda row: period_words(row.reporting_period)),
        Column("population", label=gettext_lazy("Users served"), sort_key="population"),
        Column("sample", label=gettext_lazy("Needed")),
        Column("reached", label=gettext_lazy("Reached"), accessor=lambda row: _shown(row, "reached")),
        Column("missing", label=gettext_lazy("Missing"), accessor=lambda row: _shown(row, "missing")),
        Column("pace", label=gettext_lazy("Standing"), accessor=_standing),
    )
    inspect_view_fields = ("agency", "service", "period", "population", "sample")

    def get_form_class(self, for_update: bool = False) -> type[SurveyTargetForm]:
        return SurveyTargetForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("missing/", MissingView.as_view(), name="missing")]

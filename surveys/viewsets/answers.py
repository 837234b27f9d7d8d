"""Surveys with their number of answers, and the answers themselves: to read, not to change."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button

from core.paging import bounded_count, keyset_page
from core.viewsets.scoped import READING, ScopedIndexView, ScopedInspectView, ScopedViewSet
from surveys.definition import SECTION
from surveys.models import Channel, Response, ResponseConflict, ServicePoint, Survey
from surveys.selectors.quality import quality_for
from surveys.selectors.staff import surveys_with_answers
from surveys.views.result_words import quality_sentences

from .erasing import EraseView, erasable
from .flagwords import FLAG_WORDS


class ReadOnlyViewSet(ScopedViewSet):
    """Nobody adds, edits or deletes an answer by hand; a survey is written on its page."""

    form_fields: list[str] = []
    without = frozenset({"add", "edit", "delete", "history", "history_results"})


class ReadOnlyIndexView(ScopedIndexView):
    any_permission_required = READING

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: Any) -> None:
        return None

    def get_delete_url(self, instance: Any) -> None:
        return None


class SurveyIndexView(ReadOnlyIndexView):
    def get_base_queryset(self) -> QuerySet[Survey]:
        return surveys_with_answers(super().get_base_queryset()).select_related("page")

    def get_list_more_buttons(self, instance: Survey) -> list[Button]:
        answers = f"{reverse('survey_responses:index')}?survey={instance.pk}"
        buttons = [Button(_("Answers"), url=answers, icon_name="list-ul", priority=10)]
        page = getattr(instance, "page", None)
        if page is not None:
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            buttons.append(Button(_("Edit the page"), url=url, icon_name="edit", priority=20))
        return [*super().get_list_more_buttons(instance), *buttons]


class SurveyViewSet(ReadOnlyViewSet):
    model = Survey
    # Not "surveys": that is the namespace of the public addresses.
    name = "survey_list"
    url_prefix = "surveys"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Surveys")
    menu_order = 230
    add_to_admin_menu = True
    index_view_class = SurveyIndexView
    search_fields = ("title", "agency__name", "agency__short_name")
    list_display = (
        "title",
        Column("agency.short_name", label=gettext_lazy("Agency"), sort_key="agency__short_name"),
        Column("answers", label=gettext_lazy("Answers")),
        Column("current_version.number", label=gettext_lazy("Version")),
        BooleanColumn("is_open", label=gettext_lazy("Open")),
    )
    inspect_view_fields = ("title", "agency", "service", "instrument_version", "audience", "is_open", "created_at")


def visible_surveys(request: HttpRequest) -> QuerySet[Survey]:
    return Survey.objects.visible_to(request.user).select_related("instrument_version__instrument")


def visible_points(request: HttpRequest) -> QuerySet[ServicePoint]:
    return ServicePoint.objects.visible_to(request.user)


class ResponseFilterSet(WagtailFilterSet):
    survey = django_filters.ModelChoiceFilter(queryset=visible_surveys, label=gettext_lazy("Survey"))
    service_point = django_filters.ModelChoiceFilter(queryset=visible_points, label=gettext_lazy("Service point"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=gettext_lazy("Channel"))
    period_on = django_filters.DateFromToRangeFilter(widget=DateRangePickerWidget, label=gettext_lazy("Day"))
    is_flagged = django_filters.BooleanFilter(label=gettext_lazy("Marked as odd"))
    conflicts = django_filters.BooleanFilter(
        "conflicts", lookup_expr="isnull", exclude=True, distinct=True, label=gettext_lazy("Contradicted later")
    )

    class Meta:
        model = Response
        fields = ("survey", "service_point", "channel", "period_on", "is_flagged")


class ResponseIndexView(ReadOnlyIndexView):
    """Newest first, by key. Along the moment within a survey, which has an index for it; along the id otherwise."""

    results_template_name = "surveys/admin/responses_results.html"

    def get_base_queryset(self) -> QuerySet[Response]:
        return super().get_base_queryset().select_related("survey", "service", "service_point", "version")

    def order_queryset(self, queryset: QuerySet[Response]) -> QuerySet[Response]:
        return queryset

    def paginate_queryset(
        self, queryset: QuerySet[Response], page_size: int
    ) -> tuple[None, None, list[Response], bool]:
        at = "submitted_at" if self.request.GET.get("survey", "").isdigit() else ""
        self.page = keyset_page(queryset, self.request.GET.dict(), at=at, size=page_size)
        self.count = bounded_count(queryset.select_related(None))
        return None, None, self.page.rows, False

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        count, is_more = self.count
        links = self.page.links(self.request.GET.dict())
        found = {"links": links, "items_count": count, "is_more": is_more, "export_url": self._export_url()}
        return context | found | {"signs": self._signs()}

    def _signs(self) -> list[str]:
        """How the answers of the chosen survey came about, from the tallies."""
        chosen = self.filters.form.cleaned_data.get("survey") if self.filters and self.filters.is_valid() else None
        if chosen is None:
            return []
        found = quality_for(survey=chosen, instrument=chosen.instrument_version.instrument.code)
        return quality_sentences(dict(found.signs) | {"operator": found.operator}, found.collected)

    def _export_url(self) -> str:
        """Of the chosen survey; the export asks for itself who may."""
        chosen = self.request.GET.get("survey", "")
        return reverse("survey_export", args=[chosen]) if chosen.isdigit() and len(chosen) < 19 else ""


class ResponseInspectView(ScopedInspectView):
    """One form with the questions as they were asked."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        response = self.object
        places = [
            (_("Survey"), response.survey),
            (_("Service"), response.service or "–"),
            (_("Service point"), response.service_point or "–"),
        ]
        conflicts = [(row.received_at, second_lines(row)) for row in response.conflicts.all()]
        return super().get_context_data(
            places=places,
            lines=answer_lines(response),
            flags=flag_words(response),
            conflicts=conflicts,
            may_erase=bool(erasable(self.request.user, response)),
            **kwargs,
        )


def flag_words(response: Response) -> list[str]:
    return [str(FLAG_WORDS.get(code, code)) for code in response.flags.split()]


def second_lines(conflict: ResponseConflict) -> list[tuple[str, str]]:
    """The scores and the comment of the form that came second."""
    scores, elements = conflict.content["scores"], conflict.response.version.definition["elements"]
    lines = [(row["question"]["id"], _scored(row, scores.get(row["code"]))) for row in elements]
    return [*lines, (_("comment"), conflict.content["comment"] or "–")]


def answer_lines(response: Response) -> list[tuple[str, str]]:
    """Question and answer in words, from the version this form was given under."""
    definition = response.version.definition
    lines = []
    for row in definition["elements"]:
        lines.append((row["question"]["id"], _scored(row, response.score(row["slot"]))))
        if reason := response.reasons.get(row["code"]):
            lines.append((_("Reason"), reason))
    for number, question in enumerate(definition["questions"], start=1):
        if question["type"] != SECTION:
            value = response.answers.get(question["id"])
            is_photo = question["type"] == "photo" and value
            answer = _photo(response, number) if is_photo else _own(question, value)
            lines.append((question["label"]["id"], answer))
    return lines


def _photo(response: Response, number: int) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("survey_photo", args=[response.pk, number]), _("A photo"))


def _scored(element: dict[str, Any], score: int | None) -> str:
    return "–" if score is None else f"{score} · {element['options'][str(score)]['id']}"


def _own(question: dict[str, Any], value: Any) -> str:
    if value is None:
        return "–"
    labels = {choice["code"]: choice["label"]["id"] for choice in question.get("choices", ())}
    labels |= {"yes": _("Yes"), "no": _("No")} if question["type"] == "yes_no" else {}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(part, part)) for part in values)


class ResponseViewSet(ReadOnlyViewSet):
    model = Response
    name = "survey_responses"
    url_prefix = "survey-responses"
    icon = "list-ul"
    menu_label = gettext_lazy("Survey answers")
    menu_order = 235
    add_to_admin_menu = True
    index_view_class = ResponseIndexView
    inspect_view_class = ResponseInspectView
    inspect_template_name = "surveys/admin/response.html"
    filterset_class = ResponseFilterSet
    list_display = (
        "__str__",
        DateColumn("submitted_at", label=gettext_lazy("Received")),
        Column("survey", label=gettext_lazy("Survey")),
        Column("service", label=gettext_lazy("Service")),
        Column("service_point", label=gettext_lazy("Service point")),
        Column("get_channel_display", label=gettext_lazy("Channel")),
        BooleanColumn("is_complete", label=gettext_lazy("Complete")),
        Column("noticed", label=gettext_lazy("Noticed"), accessor=lambda row: ", ".join(flag_words(row)) or "–"),
    )
    inspect_view_fields = (
        "channel", "language", "submitted_at", "comment",
        "sex", "age_band", "education", "occupation", "is_complete", "is_late",
    )  # fmt: skip

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("erase/<int:pk>/", EraseView.as_view(), name="erase")]

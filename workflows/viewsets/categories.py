"""Topics: the tree with its periods, and the editor of a topic's own questions."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets.button import Button

from core.models import Region, User
from core.permissions import scope_of
from core.policies import ADMIN
from core.viewsets.scoped import ScopedInspectView
from workflows.calendar_policies import administered_regions, may_change_national
from workflows.category_policies import administers
from workflows.models import Category, CategoryVersion
from workflows.question_forms import QuestionFormSet, add_fields, initial_of
from workflows.questions import Question
from workflows.selectors.questions import ever_asked, questions_of, version_of
from workflows.selectors.touched import touched_by_topic
from workflows.services.categories import sp4n_names
from workflows.services.questions import checked_questions, publish_questions
from workflows.views.staff.base import StaffScreen
from workflows.viewsets.calendars import CalendarIndexView
from workflows.viewsets.traced import TracedViewSet


class CategoryForm(WagtailAdminModelForm):
    """Rows of the common list need somebody who answers for every region."""

    sp4n_main = forms.MultipleChoiceField(
        label=gettext_lazy("SP4N main categories"),
        required=False,
        help_text=gettext_lazy("The first is used when a case is exported."),
    )

    class Meta:
        model = Category
        fields = ("region", "parent", "code", "name", "name_en", "sp4n_main", "active_from", "active_until", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.for_user
        self.fields["region"].queryset = administered_regions(user)
        self.fields["region"].required = not may_change_national(user)
        self.fields["parent"].queryset = (
            Category.objects.visible_to(user).filter(parent=None).exclude(pk=self.instance.pk)
        )
        kept = list(self.instance.sp4n_main or [])
        names = [*kept, *(name for name in sp4n_names() if name not in kept)]
        self.fields["sp4n_main"].choices = [(name, name) for name in names]
        if self.instance.pk:
            # A code once used stands in rules, limits and exports.
            self.fields["code"].disabled = True
            self.fields["region"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("parent") and self.instance.children.exists():
            self.add_error("parent", ValidationError(_("A topic with parts cannot be a part itself."), code="depth"))
        return cleaned


class CategoryFilterSet(WagtailFilterSet):
    region = django_filters.ModelChoiceFilter(
        queryset=lambda request: Region.objects.filter(
            categories__in=Category.objects.visible_to(request.user)
        ).distinct(),
        label=gettext_lazy("Region"),
    )

    class Meta:
        model = Category
        fields = ("region",)


class CategoryIndexView(CalendarIndexView):
    questions_url_name = "intake:questions"

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("region", "parent")

    def get_list_more_buttons(self, instance: Model) -> list[Button]:
        url = reverse(self.questions_url_name, args=[instance.pk])
        return [*super().get_list_more_buttons(instance), Button(_("Own questions"), url=url, icon_name="help")]


class CategoryViewSet(TracedViewSet):
    model = Category
    name = "complaint_topics"
    icon = "tag"
    menu_label = gettext_lazy("Complaint topics")
    menu_order = 265
    add_to_admin_menu = False
    index_view_class = CategoryIndexView
    inspect_view_class = ScopedInspectView
    filterset_class = CategoryFilterSet
    search_fields = ("code", "name", "name_en")
    list_display = ("__str__", "code", "parent", "region", "active_from", "active_until")
    inspect_view_fields = (
        "code", "name", "name_en", "region", "parent", "sp4n_main", "active_from", "active_until", "position",
    )  # fmt: skip

    def touched_by(self, user: User, before: Category | None, after: Category) -> int:
        return touched_by_topic(user, after)

    def get_form_class(self, for_update: bool = False) -> type[CategoryForm]:
        return CategoryForm


class QuestionsView(StaffScreen, TemplateView):
    """A topic's own questions: preview as citizens see them, versions, and for administrators the editor."""

    template_name = "workflows/staff/questions.html"
    formset: Any = None
    problems: list[str] = []
    # What was sent and is not in force: shown instead of what is asked now, and published as it was shown.
    draft: tuple[Question, ...] | None = None
    previewed: str = ""

    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(ADMIN)

    def get_page_title(self) -> str:
        return _("Questions of %(topic)s") % {"topic": self.category}

    @cached_property
    def category(self) -> Category:
        found = Category.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @property
    def may_change(self) -> bool:
        return administers(self.request.user, self.category.region_id)

    def rows(self, data: Any = None) -> Any:
        return QuestionFormSet(data, initial=initial_of(questions_of(version_of(self.category))), prefix="q")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = forms.Form(prefix="preview", label_suffix="")
        asked = questions_of(version_of(self.category)) if self.draft is None else self.draft
        add_fields(preview, asked, (get_language() or "id")[:2])
        return super().get_context_data(
            category=self.category,
            formset=self.formset or self.rows(),
            preview=preview,
            is_draft=self.draft is not None,
            previewed=self.previewed,
            problems=self.problems,
            versions=CategoryVersion.objects.filter(category=self.category).select_related("published_by"),
            may_change=self.may_change,
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        self.formset = self.rows(request.POST)
        if not self.formset.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        self.previewed = _digest_of(self.formset.ordered_forms)
        known = {question.id: question for question in ever_asked(self.category)}
        given = [form.row(known) for form in self.formset.ordered_forms if form.has_changed() or form.initial]
        try:
            if "publish" not in request.POST or request.POST.get("previewed") != self.previewed:
                self.draft = checked_questions(self.category, given)
                return self.render_to_response(self.get_context_data())
            version = publish_questions(category=self.category, rows=given, actor=request.user)
        except ValidationError as error:
            self.problems = error.messages
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, _("Version %(number)d is asked from now on.") % {"number": version.number})
        return redirect("intake:questions", self.category.pk)


def _digest_of(forms_in_order: Sequence[forms.Form]) -> str:
    """What was typed, in short: another word asks for another preview."""
    typed = json.dumps([form.cleaned_data for form in forms_in_order], sort_keys=True)
    return hashlib.sha256(typed.encode()).hexdigest()

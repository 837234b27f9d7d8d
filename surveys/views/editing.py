"""Two screens beside the editor of a survey page: what publishing does, and the question library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from surveys.changes import Kind
from surveys.errors import PublishingRefused
from surveys.models import QuestionSet, SurveyPage
from surveys.services.editing import (
    NotWhatWasShown,
    begin_anew,
    draft_of,
    insert_question_sets,
    publish_confirmed,
    save_as_question_set,
)
from surveys.services.effects import effect_of


def ask_first(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Between the editor's button and publishing: where answers are touched, the person reads it and confirms."""
    if isinstance(page, SurveyPage) and page.alias_of_id is None and effect_of(page).needs_confirmation:
        return redirect("survey_confirm", page.pk)
    return None


def ask_first_in_bulk(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Many pages at once cannot be confirmed one by one; these are published from their own editor."""
    for page in pages:
        for survey_page in SurveyPage.objects.descendant_of(page, inclusive=True).filter(survey__isnull=False):
            effect = effect_of(draft_of(survey_page))
            if effect.refusals or effect.needs_confirmation:
                sentence = _("“%(title)s” has answers that publishing touches. Open it and publish it from there.")
                messages.error(request, sentence % {"title": survey_page.title})
                return redirect("wagtailadmin_explore_root")
    return None


def _page(request: HttpRequest, page_id: int, *, publishes: bool = False) -> SurveyPage:
    page = get_object_or_404(SurveyPage, pk=page_id)
    rights = page.permissions_for_user(request.user)
    if not rights.can_edit() or (publishes and not rights.can_publish()) or rights.page_locked():
        raise PermissionDenied
    return page


class PageScreen(WagtailAdminTemplateMixin, TemplateView):
    """A screen beside the editor of one survey page."""

    _show_breadcrumbs = True
    publishes = False

    @cached_property
    def page(self) -> SurveyPage:
        return _page(self.request, self.kwargs["page_id"], publishes=self.publishes)

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        back = {"url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]), "label": self.get_page_subtitle()}
        return [back, {"url": "", "label": self.get_page_title()}]


class ConfirmView(PageScreen):
    """What the newest draft would do to the stored answers, and the button that does it."""

    publishes = True
    page_title = gettext_lazy("What publishing does")
    header_icon = "upload"
    template_name = "surveys/admin/confirm_publication.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effect = effect_of(draft_of(self.page))
        reworded = [change for change in effect.changes if change.kind is Kind.REWORDED]
        shown = {"page": self.page, "effect": effect, "counts": effect.counts(), "reworded": reworded}
        return super().get_context_data(**shown, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        marked = request.POST.getlist("anew")
        if marked:
            begin_anew(page=self.page, identifiers=marked, actor=request.user)
            messages.success(request, _("The marked questions begin anew; their answers so far stay apart."))
            return redirect("survey_confirm", self.page.pk)
        return _publish(request, self.page)


def _publish(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    try:
        publish_confirmed(page=page, token=request.POST.get("token", ""), actor=request.user)
    except NotWhatWasShown:
        messages.error(request, _("Draft or survey changed while you were reading. Please look again."))
        return redirect("survey_confirm", page.pk)
    except PublishingRefused as refusal:
        messages.error(request, " ".join(refusal.sentences))
        return redirect("wagtailadmin_pages:edit", page.pk)
    page.refresh_from_db()
    scheduled = page.scheduled_revision is not None
    done = _("“%(title)s” will be published at the time set.") if scheduled else _("“%(title)s” is published.")
    messages.success(request, done % {"title": page.title})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


class LibraryForm(forms.Form):
    """Sets to copy in."""

    sets = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Question sets"), queryset=QuestionSet.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sets"].queryset = queryset


class NewSetForm(forms.ModelForm):
    """The draft's own questions become a set."""

    class Meta:
        model = QuestionSet
        fields = ["title", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}


class LibraryView(PageScreen):
    """Choose sets; copies of their questions are added to the draft. Or keep the draft's own as a set."""

    page_title = gettext_lazy("Question library")
    header_icon = "list-ul"
    template_name = "surveys/admin/library_insert.html"

    @cached_property
    def offered(self) -> Any:
        return QuestionSet.objects.visible_to(self.request.user).select_related("agency")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"form": LibraryForm(queryset=self.offered), "new_set": NewSetForm(), **kwargs}
        return super().get_context_data(page=self.page, sets=self.offered, draft=draft_of(self.page), **shown)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "keep" in request.POST:
            form = NewSetForm(request.POST)
            shown = {"new_set": form}
            done = form.is_valid() and _keep_set(request, self.page, form)
        else:
            chosen = LibraryForm(request.POST, queryset=self.offered)
            shown = {"form": chosen}
            done = chosen.is_valid() and _insert(request, self.page, chosen)
        return done or self.render_to_response(self.get_context_data(**shown))


def _insert(request: HttpRequest, page: SurveyPage, form: LibraryForm) -> HttpResponse:
    insert_question_sets(page=page, sets=form.cleaned_data["sets"], actor=request.user)
    messages.success(request, _("The questions were added to the draft. Change them as you like."))
    return redirect("wagtailadmin_pages:edit", page.pk)


def _keep_set(request: HttpRequest, page: SurveyPage, form: NewSetForm) -> HttpResponse:
    given, agency = form.cleaned_data, page.section_agency()
    if agency is None or QuestionSet.objects.filter(agency=agency, title=given["title"]).exists():
        messages.error(request, _("Your agency already has a set with this title."))
        return redirect("survey_library_insert", page.pk)
    save_as_question_set(page=page, agency=agency, title=given["title"], note=given["note"])
    messages.success(request, _("The questions were copied to the library."))
    return redirect("wagtailadmin_pages:edit", page.pk)

"""Two screens beside the editor of a survey page: what publishing does, and the question library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
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


@require_http_methods(["GET", "POST"])
def confirm_publication(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the newest draft would do to the stored answers, and the button that does it."""
    page = _page(request, page_id, publishes=True)
    if request.method == "POST" and request.POST.getlist("anew"):
        begin_anew(page=page, identifiers=request.POST.getlist("anew"), actor=request.user)
        messages.success(request, _("The marked questions begin anew; their answers so far stay apart."))
        return redirect("survey_confirm", page.pk)
    if request.method == "POST":
        return _publish(request, page)
    return _show_effect(request, page)


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


def _show_effect(request: HttpRequest, page: SurveyPage) -> HttpResponse:
    effect = effect_of(draft_of(page))
    reworded = [change for change in effect.changes if change.kind is Kind.REWORDED]
    context: dict[str, Any] = {"page": page, "effect": effect, "counts": effect.counts(), "reworded": reworded}
    return render(request, "surveys/admin/confirm_publication.html", context)


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


@require_http_methods(["GET", "POST"])
def insert_from_library(request: HttpRequest, page_id: int) -> HttpResponse:
    """Choose sets; copies of their questions are added to the draft."""
    page = _page(request, page_id)
    offered = QuestionSet.objects.visible_to(request.user).select_related("agency")
    wants_set = request.method == "POST" and "keep" in request.POST
    chosen = LibraryForm(request.POST if request.method == "POST" and not wants_set else None, queryset=offered)
    new_set = NewSetForm(request.POST if wants_set else None)
    if chosen.is_bound and chosen.is_valid():
        insert_question_sets(page=page, sets=chosen.cleaned_data["sets"], actor=request.user)
        messages.success(request, _("The questions were added to the draft. Change them as you like."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    if wants_set and new_set.is_valid():
        return _keep_set(request, page, new_set)
    context = {"page": page, "form": chosen, "new_set": new_set, "sets": offered, "draft": draft_of(page)}
    return render(request, "surveys/admin/library_insert.html", context)


def _keep_set(request: HttpRequest, page: SurveyPage, form: NewSetForm) -> HttpResponse:
    given, agency = form.cleaned_data, page.section_agency()
    if agency is None or QuestionSet.objects.filter(agency=agency, title=given["title"]).exists():
        messages.error(request, _("Your agency already has a set with this title."))
        return redirect("survey_library_insert", page.pk)
    save_as_question_set(page=page, agency=agency, title=given["title"], note=given["note"])
    messages.success(request, _("The questions were copied to the library."))
    return redirect("wagtailadmin_pages:edit", page.pk)

"""Erasing from an answer: what somebody wrote, or all of it; asked twice, with a reason, by the right people only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from core.accounts import confirm_identity
from surveys.models import Response
from surveys.services.erasure import erase_response, personal_parts

from .screens import Screen

TEXTS, WHOLE = "texts", "whole"
_ACTIONS = {TEXTS: "erase_texts", WHOLE: "erase_answer"}
_LABELS = {
    TEXTS: gettext_lazy("What is personal: comment, reasons, own words and photos. Scores stay, no figure changes."),
    WHOLE: gettext_lazy("The whole answer with its scores. Every figure that is not published yet is counted anew."),
}
_OTHERS = {
    "comment": gettext_lazy("Comment"),
    "reasons": gettext_lazy("Reasons for low scores"),
    "conflicts": gettext_lazy("The same form sent again with other content"),
}


def erasable(user: Any, response: Response) -> list[str]:
    """What the person may erase of this answer, and there is anything to erase."""
    policy = policy_registry.get_by_type(Response)
    allowed = [part for part, name in _ACTIONS.items() if policy.user_has_permission_for_instance(user, name, response)]
    if TEXTS in allowed and not personal_parts(response):
        allowed.remove(TEXTS)
    return allowed


def part_names(response: Response) -> list[str]:
    """What of the answer is personal, in words; never what it says."""
    labels = {row["id"]: row["label"]["id"] for row in response.version.definition["questions"]}
    return [str(_OTHERS.get(name) or labels.get(name, name)) for name in personal_parts(response)]


class EraseForm(forms.Form):
    part = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("What should be erased?"))
    reason = forms.CharField(
        max_length=200,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the log, so without names: for example “asked for by the person”."),
    )
    confirmed = forms.BooleanField(label=gettext_lazy("I know that nobody can bring it back."))

    def __init__(self, *args: Any, parts: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [(part, _LABELS[part]) for part in parts]
        self.fields["part"].initial = parts[0]

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_("Please give a reason."))
        return reason


class EraseView(Screen, FormView):
    form_class = EraseForm
    template_name = "surveys/admin/response_erase.html"
    page_title = gettext_lazy("Erase")
    header_icon = "bin"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = Response.objects.visible_to(request.user).select_related("version", "survey")
        self.answer = get_object_or_404(visible, pk=kwargs["pk"])
        self.parts = erasable(request.user, self.answer)
        if not self.parts:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.answer)

    def trail(self) -> list[tuple[str, Any]]:
        own = reverse("survey_responses:inspect", args=[self.answer.pk])
        return [(reverse("survey_responses:index"), _("Survey answers")), (own, self.answer)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "parts": self.parts}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(answer=self.answer, personal=part_names(self.answer), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        confirm_identity(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: EraseForm) -> HttpResponse:
        is_whole = form.cleaned_data["part"] == WHOLE
        reason, actor = form.cleaned_data["reason"], self.request.user
        erase_response(response=self.answer, reason=reason, actor=actor, now=timezone.now(), whole=is_whole)
        if is_whole:
            messages.success(self.request, _("The answer is erased. The figures are counted without it."))
            return redirect("survey_responses:index")
        messages.success(self.request, _("What was personal is erased. The scores stay."))
        return redirect("survey_responses:inspect", self.answer.pk)

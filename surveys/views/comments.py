"""The inbox of comments and low-score reasons. What looks like personal data is covered until somebody opens it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.models import Agency, Service, User
from core.permissions import ALL_ROLES, scope_of
from surveys.comment_states import MOVES, State
from surveys.models import CommentState, Response, ServicePoint
from surveys.personal_data import findings, masked
from surveys.selectors import comments
from surveys.services.comments import NOTE_LENGTH, MoveNotPossible, move_comment, note_comment, reveal_comment

TABS = ("", State.NEW.value, State.IN_PROGRESS.value, State.DONE.value)
MOVE_LABELS = {
    State.IN_PROGRESS: gettext_lazy("Take up"),
    State.DONE: gettext_lazy("Done"),
}


class FilterForm(forms.Form):
    days = forms.TypedChoiceField(
        label=gettext_lazy("Period"),
        choices=[(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (366, gettext_lazy("One year"))],
        coerce=int,
        empty_value=90,
        required=False,
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"), queryset=Agency.objects.none(), required=False,
        empty_label=gettext_lazy("All agencies"),
    )  # fmt: skip
    mine = forms.BooleanField(label=gettext_lazy("Assigned to me"), required=False)
    service = forms.ModelChoiceField(queryset=Service.objects.none(), required=False, widget=forms.HiddenInput)
    point = forms.ModelChoiceField(queryset=ServicePoint.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        scope = scope_of(user)
        self.fields["agency"].queryset = Agency.objects.filter(scope.agency_q(ALL_ROLES)).in_tree_order()
        self.fields["service"].queryset = Service.objects.filter(scope.agency_q(ALL_ROLES, "agency__"))
        self.fields["point"].queryset = ServicePoint.objects.visible_to(user)


class DeskScreen(WagtailAdminTemplateMixin):
    """For people with a role; nothing of it stays in a browser on a shared desk."""

    header_icon = "comment"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).has_any(ALL_ROLES):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response


class InboxView(DeskScreen, TemplateView):
    template_name = "surveys/desk/inbox.html"
    page_title = gettext_lazy("Comments")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def form(self) -> FilterForm:
        asked = self.request.GET.copy()
        asked.setdefault("days", "90")
        form = FilterForm(asked, user=self.request.user)
        form.is_valid()
        return form

    @cached_property
    def state(self) -> str:
        asked = self.request.GET.get("state", State.NEW.value)
        return asked if asked in TABS else State.NEW.value

    @cached_property
    def filters(self) -> comments.Filters:
        given = {name: value for name, value in getattr(self.form, "cleaned_data", {}).items() if value}
        return comments.Filters(state=self.state, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, after = self.request.user, self.request.GET.get("after", "")
        page = comments.inbox_for(user, self.filters, after=after, now=timezone.now())
        counts = comments.work_counts(user)
        return super().get_context_data(
            form=self.form,
            state=self.state,
            tabs=[(tab, _tab_name(tab), counts.get(tab), _query(self.request, state=tab)) for tab in TABS],
            rows=[line_of(row) for row in page.rows],
            next_query=_query(self.request, after=page.after, state=self.state) if page.after else "",
            first_query=_query(self.request, state=self.state) if after else "",
            **kwargs,
        )


def _tab_name(tab: str) -> str:
    return str(CommentState(tab).label) if tab else _("All")


def _query(request: HttpRequest, **changes: str) -> str:
    kept = request.GET.copy()
    kept.pop("after", None)
    for name, value in changes.items():
        kept[name] = value
    return kept.urlencode()


def line_of(response: Response, *, open_text: bool = False) -> dict[str, Any]:
    """One answer as the inbox shows it: covered unless somebody opened it."""
    show = (lambda text: text) if open_text else masked
    reasons = comments.reasons_of(response)
    texts = [response.comment, *(text for _name, _score, text in reasons)]
    case = getattr(response, "comment_case", None)
    return {
        "response": response,
        "comment": show(response.comment),
        "reasons": [{"element": name, "score": score, "text": show(text)} for name, score, text in reasons],
        "has_personal_data": any(findings(text) for text in texts),
        "case": case,
        "state": CommentState(case.state) if case else CommentState.NEW,
    }


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MoveForm(NoteForm):
    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Who works on it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Myself"),
    )

    def __init__(self, *args: Any, response: Response, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = comments.workers_for(response)


class CommentScreen(DeskScreen):
    """A screen or a step of one comment."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.response = comments.comment_for(request.user, kwargs["pk"])
        except Response.DoesNotExist as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def to_comment(self) -> HttpResponse:
        return redirect("ikm:comment", self.response.pk)


class CommentView(CommentScreen, TemplateView):
    template_name = "surveys/desk/comment.html"
    page_title = gettext_lazy("Comment")
    open_text = False

    def get_page_subtitle(self) -> str:
        return str(self.response)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        inbox = {"url": reverse("ikm:inbox"), "label": _("Comments")}
        return [*self.breadcrumbs_items, inbox, {"url": "", "label": str(self.response)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = line_of(self.response, open_text=self.open_text)
        case = line["case"]
        steps = case.events.select_related("actor", "assignee") if case else []
        moves = [(state.value, MOVE_LABELS[state]) for state in MOVES[State(line["state"].value)]]
        return super().get_context_data(
            line=line,
            steps=steps,
            moves=moves,
            open_text=self.open_text,
            may_work=comments.may_work_on(self.request.user, self.response),
            form=kwargs.pop("form", None) or MoveForm(response=self.response),
            **kwargs,
        )


class RevealView(CommentView):
    """The text uncovered, once: that it was read is written down."""

    http_method_names = ["post"]
    open_text = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        case = reveal_comment(response=self.response, actor=request.user, now=timezone.now())
        self.response.comment_case = case
        return self.render_to_response(self.get_context_data(**kwargs))


class MoveView(CommentScreen, FormView):
    http_method_names = ["post"]
    form_class = MoveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"response": self.response}

    def form_valid(self, form: MoveForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            to = State(self.request.POST.get("to", ""))
            move_comment(
                response=self.response, to=to, actor=self.request.user, now=timezone.now(),
                note=given["note"], assignee=given["assignee"],
            )  # fmt: skip
        except (MoveNotPossible, ValueError):
            messages.error(self.request, _("Somebody was faster: the comment has moved on."))
        else:
            messages.success(self.request, _("Saved."))
        return self.to_comment()

    def form_invalid(self, form: MoveForm) -> HttpResponse:
        messages.error(self.request, _("Please check the note and the person."))
        return self.to_comment()


class NoteView(CommentScreen, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NoteForm(request.POST)
        if form.is_valid() and form.cleaned_data["note"]:
            note = form.cleaned_data["note"]
            note_comment(response=self.response, note=note, actor=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Write a note first."))
        return self.to_comment()

"""Decree day on the screen: put a change forward, read its preview, let a second person decide."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.permissions import ALL_ROLES, scope_of
from workflows.calendar_policies import desk_regions, may_decide_calendar
from workflows.change_forms import FORMS, ChangeForm, hours_as_initial
from workflows.deadline_tasks import apply_calendar_change, count_calendar_preview
from workflows.models import CalendarProposal, WorkingHours
from workflows.selectors.proposals import change_in_words, moved_by_agency, moves_on_page
from workflows.services import proposals

LONGEST_NUMBER = 9


class DeadlineScreen(WagtailAdminTemplateMixin):
    """A screen of calendars and limits, for whoever has a role."""

    header_icon = "calendar-alt"
    request: HttpRequest

    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(ALL_ROLES)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.allowed():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = [*self.breadcrumbs_items, {"url": reverse("calendar_changes:index"), "label": _("Calendar changes")}]
        return [*crumbs, {"url": "", "label": self.get_page_title()}]


class NewChangeView(DeadlineScreen, TemplateView):
    """The form of one kind of change; a good one leads to its preview."""

    template_name = "workflows/calendars/new_change.html"
    form: ChangeForm

    TITLES = {
        "days": lambda: _("New holiday decree"),
        "ramadan": lambda: _("Ramadan hours"),
        "hours": lambda: _("New version of office hours"),
        "week": lambda: _("Another working week"),
        "zone": lambda: _("Another time zone"),
    }

    def allowed(self) -> bool:
        return desk_regions(self.request.user).exists()

    def get_page_title(self) -> str:
        if self.kwargs["kind"] not in FORMS:
            raise Http404
        return self.TITLES[self.kwargs["kind"]]()

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        self.form = self._form()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        self.form = self._form(request.POST, request.FILES)
        proposal = self._propose() if self.form.is_valid() else None
        if proposal is None:
            return self.render_to_response(self.get_context_data(), status=422)
        count_calendar_preview.enqueue(proposal.pk)
        return redirect("deadlines:change", proposal.pk)

    def _form(self, *data: Any) -> ChangeForm:
        if self.kwargs["kind"] not in FORMS:
            raise Http404
        return FORMS[self.kwargs["kind"]](*data, user=self.request.user, initial=self._initial())

    def _initial(self) -> dict[str, Any]:
        regions = list(desk_regions(self.request.user)[:2])
        initial = {"region": regions[0].pk} if len(regions) == 1 else {}
        number = self.request.GET.get("from", "")
        if self.kwargs["kind"] == "hours" and number.isdecimal() and len(number) <= LONGEST_NUMBER:
            hours = WorkingHours.objects.visible_to(self.request.user).filter(pk=number).first()
            initial |= hours_as_initial(hours) if hours else {}
        return initial

    def _propose(self) -> CalendarProposal | None:
        try:
            return proposals.propose_change(
                kind=self.kwargs["kind"],
                content=self.form.content(),
                document=self.form.document(),
                actor=self.request.user,
                region=self.form.cleaned_data["region"],
                agency=self.form.cleaned_data.get("agency"),
            )
        except ValidationError as error:
            self.form.add_error(None, error.messages)
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, kind=self.kwargs["kind"], **kwargs)


class ChangeView(DeadlineScreen, TemplateView):
    """One proposed change with its preview; the decision is a post."""

    template_name = "workflows/calendars/change.html"

    @cached_property
    def change(self) -> CalendarProposal:
        rows = CalendarProposal.objects.visible_to(self.request.user)
        return get_object_or_404(
            rows.select_related("region", "agency", "proposed_by", "decided_by"), pk=self.kwargs["pk"]
        )

    def get_page_title(self) -> str:
        return self.change.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, page = self.change, self._page()
        return super().get_context_data(
            change=change,
            facts=change_in_words(change),
            by_agency=moved_by_agency(change),
            moves=moves_on_page(change, self.request.user, page),
            page=page,
            pages=change.pages.count(),
            may_decide=change.is_open and may_decide_calendar(change, self.request.user),
            is_own=change.proposed_by_id == self.request.user.pk,
            **kwargs,
        )

    def _page(self) -> int:
        number = self.request.GET.get("p", "1")
        return int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else 1

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        decide = {"approve": self._approve, "refuse": self._refuse, "count": self._count}.get(
            request.POST.get("action", "")
        )
        if decide is None or (not may_decide_calendar(self.change, request.user) and decide != self._count):
            raise PermissionDenied
        try:
            decide()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("deadlines:change", pk)

    def _approve(self) -> None:
        proposals.approve_change(proposal_id=self.change.pk, actor=self.request.user)
        apply_calendar_change.enqueue(self.change.pk)
        messages.success(self.request, _("The change is in force; the open cases follow."))

    def _refuse(self) -> None:
        reason = self.request.POST.get("reason", "")
        proposals.refuse_change(proposal_id=self.change.pk, actor=self.request.user, reason=reason)
        messages.success(self.request, _("The change is refused."))

    def _count(self) -> None:
        if not desk_regions(self.request.user).exists():
            raise PermissionDenied
        count_calendar_preview.enqueue(self.change.pk)

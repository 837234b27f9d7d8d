"""Somebody leaves: all their open cases go to a colleague, listed one by one and logged like any assignment."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.models import User
from workflows.acts import Act
from workflows.models import Complaint
from workflows.permissions import may_act
from workflows.selectors.locking import versioned
from workflows.services.conversation import assign_complaint
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.views.staff.base import StaffScreen
from workflows.views.staff.bulk import Outcome
from workflows.views.staff.moves import colleagues_of

MOST_CASES = 500


class HandoverForm(forms.Form):
    leaver = forms.ChoiceField(label=gettext_lazy("Who hands over"))
    taker = forms.ChoiceField(label=gettext_lazy("Who takes over"))

    def __init__(self, *args: Any, leavers: list[User], takers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        empty = ("", _("Choose an officer"))
        self.fields["leaver"].choices = [empty, *((str(row.pk), str(row)) for row in leavers)]
        self.fields["taker"].choices = [empty, *((str(row.pk), str(row)) for row in takers)]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("leaver") and typed.get("leaver") == typed.get("taker"):
            raise forms.ValidationError(_("Choose two different people."))
        return typed


class HandoverView(StaffScreen, TemplateView):
    template_name = "workflows/staff/handover.html"
    outcomes: Sequence[Outcome] = ()

    def get_page_title(self) -> str:
        return _("Hand over cases")

    @cached_property
    def cases(self) -> list[Complaint]:
        """Open cases with an officer that this person may assign."""
        rows = Complaint.objects.visible_to(self.request.user).filter(assignee__isnull=False, closed_at__isnull=True)
        rows = rows.open().select_related("region", "current_agency", "assignee").defer("body").order_by("queue_at")
        return [case for case in versioned(rows)[: MOST_CASES * 4] if may_act(Act.ASSIGN, case, self.request.user)]

    @cached_property
    def form(self) -> HandoverForm:
        leavers = {case.assignee_id: case.assignee for case in self.cases}
        offices = {case.current_agency_id: case for case in self.cases if case.current_agency_id}
        takers = {person.pk: person for case in offices.values() for person in colleagues_of(case)}
        data = self.request.POST if self.request.method == "POST" else None
        return HandoverForm(data, leavers=list(leavers.values()), takers=list(takers.values()))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        leaver = int(self.form.cleaned_data["leaver"])
        taker = User.objects.get(pk=int(self.form.cleaned_data["taker"]))
        mine = [case for case in self.cases if case.assignee_id == leaver][:MOST_CASES]
        self.outcomes = [self.one(case, taker) for case in mine]
        return self.render_to_response(self.get_context_data())

    def one(self, case: Complaint, taker: User) -> Outcome:
        if not colleagues_of(case).filter(pk=taker.pk).exists():
            return Outcome(case.reference, "refused", _("This person does not work at the agency that holds the case."))
        try:
            assign_complaint(complaint_id=case.pk, assignee=taker, actor=self.request.user, version=case.version)
        except (ConcurrentUpdate, MoveNotAllowed, PermissionDenied):
            return Outcome(case.reference, "conflict", _("The case has changed meanwhile."))
        return Outcome(case.reference, "done", _("The case is assigned."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = sum(outcome.kind == "done" for outcome in self.outcomes)
        return super().get_context_data(form=self.form, outcomes=self.outcomes, done=done, **kwargs)

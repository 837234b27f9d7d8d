"""Messages of mailboxes and gateways that wait for somebody of the desk."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.permissions import scope_of
from workflows.intake.reasons import LABELS
from workflows.models import Complaint, InboundMessage, PendingUpload
from workflows.permissions import DESK_ROLES
from workflows.services.intake.held import AlreadyDecided
from workflows.services.intake.inbox import file_held, note_held, set_aside, words_of
from workflows.views.staff.base import StaffScreen

SHOWN = 100


class InboxScreen(StaffScreen, TemplateView):
    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(DESK_ROLES)

    @property
    def rows(self) -> Any:
        return InboundMessage.objects.visible_to(self.request.user).select_related("region", "complaint")


class InboxView(InboxScreen):
    template_name = "workflows/staff/inbox.html"

    def get_page_title(self) -> str:
        return _("Messages to look at")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.rows.waiting().order_by("received_at")[:SHOWN]
        listed = [(row, words_of(row), LABELS.get(row.reason, row.reason)) for row in rows]
        return super().get_context_data(listed=listed, **kwargs)


class InboxMessageView(InboxScreen):
    template_name = "workflows/staff/inbox_message.html"
    problem = ""

    def get_page_title(self) -> str:
        return _("Message to look at")

    @cached_property
    def row(self) -> InboundMessage:
        found = self.rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = PendingUpload.objects.filter(form_key=self.row.form_key).count() if self.row.form_key else 0
        why = LABELS.get(self.row.reason, self.row.reason)
        said = {"words": words_of(self.row), "why": why, "files": files, "problem": self.problem}
        return super().get_context_data(row=self.row, **said, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return self.decide(request)
        except AlreadyDecided:
            messages.error(request, _("Somebody else has decided already."))
            return redirect("intake:inbox")

    def decide(self, request: HttpRequest) -> HttpResponse:
        given = {"message_id": self.row.pk, "actor": request.user}
        if "file" in request.POST:
            row = file_held(**given)
            messages.success(request, _("The complaint is saved."))
            return redirect("complaints:case", row.complaint.reference)
        if "note" in request.POST:
            return self.note(given)
        if "aside" in request.POST:
            set_aside(**given)
            messages.success(request, _("The message is set aside."))
        return redirect("intake:inbox")

    def note(self, given: dict[str, Any]) -> HttpResponse:
        reference = self.request.POST.get("reference", "").strip().upper()[:24]
        cases = Complaint.objects.visible_to(self.request.user).filter(region=self.row.region_id)
        case = cases.filter(reference=reference).first()
        if case is None:
            self.problem = _("There is no complaint with this number.")
            return self.render_to_response(self.get_context_data(), status=422)
        note_held(**given, complaint=case)
        messages.success(self.request, _("The note is saved."))
        return redirect("complaints:case", case.reference)

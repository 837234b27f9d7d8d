"""Entries dated back further than an officer may: the list, one entry, the decision, and the receipt once."""

import json
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.sealing import unseal
from workflows.models import HeldEntry
from workflows.permissions import HEAD_ROLES, SUPERVISORS, may_decide_entry
from workflows.selectors.backdating import backdating_of
from workflows.services.intake.held import AlreadyDecided, approve_entry, hand_out_receipt, refuse_entry
from workflows.staff_forms import DecisionForm
from workflows.views.staff.base import ENTRY_ROLES, StaffScreen, scope_of
from workflows.views.staff.entry import receipt_sheet

SHOWN = 200


class HeldScreen(StaffScreen):
    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(ENTRY_ROLES | SUPERVISORS | HEAD_ROLES)

    @property
    def rows(self) -> QuerySet[HeldEntry]:
        related = ("region", "agency", "entered_by", "decided_by", "complaint")
        return HeldEntry.objects.visible_to(self.request.user).select_related(*related)


class HeldView(HeldScreen, TemplateView):
    """What waits for a decision first, then what was decided."""

    template_name = "workflows/staff/held.html"

    def get_page_title(self) -> str:
        return _("Entries dated back")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = self.rows.order_by("-state", "-entered_at")[:SHOWN]
        listed = [(row, may_decide_entry(row, user), row.entered_by_id == user.pk) for row in rows]
        return super().get_context_data(listed=listed, **kwargs)


class HeldEntryView(HeldScreen, TemplateView):
    """One entry. The words are shown while it waits, the reporter's identity never."""

    template_name = "workflows/staff/held_entry.html"
    form: DecisionForm | None = None

    def get_page_title(self) -> str:
        return _("Entry dated back")

    @cached_property
    def entry(self) -> HeldEntry:
        found = self.rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = self.entry
        return super().get_context_data(
            entry=entry,
            draft=self.draft,
            days=backdating_of(entry.region, entry.received_at, entry.entered_at),
            may_decide=entry.state == HeldEntry.State.WAITING and may_decide_entry(entry, self.request.user),
            is_own=entry.entered_by_id == self.request.user.pk,
            form=self.form or DecisionForm(label_suffix=""),
            **kwargs,
        )

    @property
    def draft(self) -> dict[str, Any]:
        if self.entry.state != HeldEntry.State.WAITING:
            return {}
        return json.loads(unseal(self.entry.payload_sealed))["draft"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_decide_entry(self.entry, request.user):
            raise PermissionDenied
        self.form = DecisionForm(request.POST, label_suffix="")
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        return self.decide("approve" in request.POST, self.form.cleaned_data["words"])

    def decide(self, is_approved: bool, words: str) -> HttpResponse:
        service = approve_entry if is_approved else refuse_entry
        try:
            service(entry_id=self.entry.pk, actor=self.request.user, words=words)
        except ValidationError as error:
            self.form.add_error("words", error.error_dict["words"])
            return self.render_to_response(self.get_context_data(), status=422)
        except AlreadyDecided:
            messages.error(self.request, _("Somebody else has decided already."))
            return redirect("intake:held")
        messages.success(self.request, _("The entry is filed.") if is_approved else _("The entry is sent back."))
        return redirect("intake:held")


class HeldReceiptView(HeldEntryView):
    """Number and code of an approved entry, in the answer to a post and only once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt = hand_out_receipt(entry_id=self.entry.pk, actor=request.user)
        if receipt is None:
            messages.error(request, _("This receipt was printed already; its code is not kept."))
            return redirect("intake:held")
        return receipt_sheet(self, receipt)

"""The return matrix, the arbiter of a region, and the receipt of a referral."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Region
from core.permissions import scope_of
from workflows.models import Arbiter
from workflows.permissions import SUPERVISORS
from workflows.selectors.returns import return_pairs
from workflows.services.arbiter import candidates, name_arbiter
from workflows.states import Action, Status
from workflows.views.staff.base import StaffScreen, visible_case

DEFAULT_DAYS = 90


class PeriodForm(forms.Form):
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("first") and typed.get("last") and typed["first"] > typed["last"]:
            raise ValidationError(_("The period ends before it begins."))
        return typed


class ReturnsView(StaffScreen, TemplateView):
    template_name = "workflows/staff/returns.html"

    def get_page_title(self) -> str:
        return _("Who returns what to whom")

    @cached_property
    def form(self) -> PeriodForm:
        today = timezone.localdate()
        usual = {"first": (today - timedelta(days=DEFAULT_DAYS)).isoformat(), "last": today.isoformat()}
        given = {name: self.request.GET.get(name) or usual[name] for name in usual}
        return PeriodForm(given, label_suffix="")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pairs = []
        if self.form.is_valid():
            period = {name: self.form.cleaned_data[name] for name in ("first", "last")}
            pairs = return_pairs(self.request.user, zone=timezone.get_default_timezone(), **period)
        total = sum(pair.number for pair in pairs)
        return super().get_context_data(form=self.form, pairs=pairs, total=total, arbiters=self.arbiters(), **kwargs)

    def arbiters(self) -> list[tuple[Region, Arbiter | None, list[Any]]]:
        """Regions whose arbiter this person may name, with who is named and who could be."""
        regions = Region.objects.filter(scope_of(self.request.user).region_q(SUPERVISORS, "pk"))
        regions = regions.filter(complaint_desk__isnull=False).select_related("arbiter__user")
        return [(row, getattr(row, "arbiter", None), list(candidates(row))) for row in regions[:5]]


@require_POST
@login_required
def set_arbiter(request: HttpRequest, pk: int) -> HttpResponse:
    regions = Region.objects.filter(scope_of(request.user).region_q(SUPERVISORS, "pk"))
    region, asked = get_object_or_404(regions, pk=pk), request.POST.get("user", "")
    person = candidates(region).filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 12 else None
    if asked and person is None:
        messages.error(request, _("Choose somebody of the region's complaint desk."))
        return redirect("complaints:returns")
    name_arbiter(region=region, user=person, actor=request.user)
    messages.success(request, _("The arbiter is set."))
    return redirect("complaints:returns")


class ReferralView(StaffScreen, TemplateView):
    """A receipt to print or send: which body has the case now, under which number, and why."""

    template_name = "workflows/staff/referral.html"

    def get_page_title(self) -> str:
        return _("Receipt of the referral")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = visible_case(self.request.user, self.kwargs["reference"])
        if case.status != Status.REFERRED_OUT:
            raise Http404
        event = case.events.filter(action=Action.REFERRED_OUT).select_related("actor").order_by("-sequence").first()
        words = event.messages.filter(is_public=True).first() if event else None
        return super().get_context_data(case=case, event=event, words=words, **kwargs)

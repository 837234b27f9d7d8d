"""A region's proofs: checks of the event log, openings of identities, retention rules and what they erased."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Region, Role
from core.permissions import scope_of
from workflows.models import Category, ChainCheck, Complaint, ErasureReport, IdentityAccess, RetentionRule
from workflows.permissions import SUPERVISORS
from workflows.privacy_forms import PauseForm, RuleForm
from workflows.services.retention import pause_rule, resume_rule, set_rule
from workflows.views.staff.base import StaffScreen

READERS = frozenset({Role.REGIONAL_ADMIN, Role.AUDITOR})
SHOWN = 50


class ProofsView(StaffScreen, TemplateView):
    """Administrators and auditors of a whole region; an administrator sets the rules."""

    template_name = "workflows/staff/proofs.html"

    def allowed(self) -> bool:
        return self.regions(READERS).exists()

    def get_page_title(self) -> str:
        return _("Privacy and proof")

    def regions(self, roles: frozenset[str]) -> QuerySet[Region]:
        scope = scope_of(self.request.user)
        return (
            Region.objects.filter(scope.region_q(roles, field="pk")) if scope.has_any(roles) else Region.objects.none()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regions, cases = self.regions(READERS), Complaint.objects.visible_to(self.request.user)
        month = timezone.now() - timedelta(days=30)
        opened = IdentityAccess.objects.filter(reporter__complaint__in=cases, at__gte=month).values("user__name")
        return super().get_context_data(
            checks=ChainCheck.objects.all()[:7],
            openings=opened.annotate(number=Count("pk")).order_by("-number", "user__name")[:SHOWN],
            rules=RetentionRule.objects.filter(region__in=regions).select_related("region", "category"),
            erasures=ErasureReport.objects.filter(complaint__in=cases).select_related("complaint")[:SHOWN],
            form=kwargs.pop("form", None) or self.form(),
            pause_form=PauseForm(label_suffix="", auto_id=False),
            may_change=self.regions(frozenset({Role.REGIONAL_ADMIN})).exists(),
            **kwargs,
        )

    def form(self, data: Any = None) -> RuleForm:
        region = self.regions(READERS).first()
        topics = [(str(row.pk), str(row)) for row in Category.objects.for_region(region)] if region else []
        return RuleForm(data, categories=topics, label_suffix="")

    def post(self, request: HttpRequest) -> HttpResponse:
        region = self.regions(frozenset({Role.REGIONAL_ADMIN})).first()
        if region is None:
            raise PermissionDenied
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        topic = Category.objects.filter(pk=form.cleaned_data["category"] or 0).first()
        set_rule(region=region, category=topic, days=form.cleaned_data["days"], actor=request.user)
        messages.success(request, _("The rule holds from tonight."))
        return redirect("privacy:proofs")


@require_POST
@login_required
def change_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause a rule with a reason, or let it hold again; only in a region the person administers."""
    regions = Region.objects.filter(scope_of(request.user).region_q(SUPERVISORS, field="pk"))
    rule = get_object_or_404(RetentionRule, pk=pk, region__in=regions)
    if request.POST.get("do") == "resume":
        resume_rule(rule=rule, actor=request.user)
        messages.success(request, _("The rule holds again."))
        return redirect("privacy:proofs")
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect("privacy:proofs")
    pause_rule(rule=rule, reason=form.cleaned_data["reason"], actor=request.user)
    messages.success(request, _("The rule is paused; nothing is erased under it."))
    return redirect("privacy:proofs")

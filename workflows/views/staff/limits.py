"""What a limit means, re-basing open cases on it, and the set-up check of deadlines."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Agency
from workflows.calendar_policies import LIMIT_ACTIONS, LimitPolicy
from workflows.models import Complaint, SlaPolicy, WorkingHours
from workflows.selectors.calendars import calendar_for
from workflows.selectors.limits import desk_offices, has_rules, last_check, meaning_of, unmeasured, versions_of
from workflows.services.rebasing import Rebased, rebase_cases, rebase_preview
from workflows.views.staff.calendar_changes import DeadlineScreen

SHOWN = 200


class LimitView(DeadlineScreen, TemplateView):
    """A limit, its versions, and the open cases that could be counted under it."""

    template_name = "workflows/calendars/limit.html"

    @cached_property
    def limit(self) -> SlaPolicy:
        rows = SlaPolicy.objects.visible_to(self.request.user).select_related("region", "agency__region")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def may_rebase(self) -> bool:
        rules = LimitPolicy(SlaPolicy, LIMIT_ACTIONS)
        return rules.user_has_permission_for_instance(self.request.user, "supersede", self.limit)

    @cached_property
    def preview(self) -> list[Rebased]:
        user = self.request.user
        return rebase_preview(policy=self.limit, actor=user, now=timezone.now()) if self.may_rebase else []

    def get_page_title(self) -> str:
        return str(self.limit)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cases = [found.clock.complaint_id for found in self.preview]
        visible = set(Complaint.objects.visible_to(self.request.user).filter(pk__in=cases).values_list("pk", flat=True))
        return super().get_context_data(
            limit=self.limit,
            meaning=meaning_of(self.limit, timezone.now()),
            versions=versions_of(self.limit),
            may_rebase=self.may_rebase,
            preview=[found for found in self.preview if found.clock.complaint_id in visible][:SHOWN],
            number=len(self.preview),
            born_overdue=sum(found.is_born_overdue for found in self.preview),
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_rebase:
            raise PermissionDenied
        try:
            reason = request.POST.get("reason", "")
            number = rebase_cases(policy=self.limit, actor=request.user, reason=reason, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Cases counted under this version: %(number)d.") % {"number": number})
        return redirect("deadlines:limit", pk)


class SetUpView(DeadlineScreen, TemplateView):
    """What is missing before every case is measured."""

    template_name = "workflows/calendars/set_up.html"

    def get_page_title(self) -> str:
        return _("Set-up check of deadlines")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offices = desk_offices(self.request.user)
        return super().get_context_data(
            desks=[(office, unmeasured(office, timezone.now()), self._years(office)) for office in offices],
            check=last_check(),
            has_rules=has_rules(),
            **kwargs,
        )

    def _years(self, office: Agency) -> list[tuple[int, bool]]:
        """This year and the next, and whether their joint decree is loaded."""
        try:
            calendar = calendar_for(office)
        except WorkingHours.DoesNotExist:
            return []
        year = timezone.now().astimezone(office.region.zone).year
        return [(y, y in (calendar.decreed_years or ())) for y in (year, year + 1)]

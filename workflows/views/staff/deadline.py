"""Why this date? Every clock of a case, day by day, with the document behind each day."""

from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from workflows.models import Complaint
from workflows.selectors.dates import paused_often, told_clocks
from workflows.views.staff.base import StaffScreen, visible_case


class DeadlineView(StaffScreen, TemplateView):
    template_name = "workflows/staff/deadline.html"

    def get_page_title(self) -> str:
        return _("Deadline of %(reference)s") % {"reference": self.case.reference}

    @cached_property
    def case(self) -> Complaint:
        return visible_case(self.request.user, self.kwargs["reference"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(
            case=self.case,
            clocks=told_clocks(self.case, now, for_citizen=False),
            paused_often=paused_often(self.case, now),
            **kwargs,
        )

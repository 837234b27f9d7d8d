"""Cases like this one, side by side; from here a duplicate is merged, and a merge taken back."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from workflows.models import Complaint
from workflows.permissions import may_move
from workflows.selectors.similar import similar_cases
from workflows.views.staff.base import StaffScreen, visible_case


class SimilarView(StaffScreen, TemplateView):
    template_name = "workflows/staff/similar.html"

    def get_page_title(self) -> str:
        return _("Cases like %(reference)s") % {"reference": self.case.reference}

    @cached_property
    def case(self) -> Complaint:
        return visible_case(self.request.user, self.kwargs["reference"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.case,
            similar=similar_cases(self.request.user, self.case),
            may_merge=may_move("mark_duplicate", self.case, self.request.user),
            **kwargs,
        )

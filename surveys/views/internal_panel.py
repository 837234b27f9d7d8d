"""On the staff's start page: which internal surveys wait for this person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from surveys.opening import Opening
from surveys.selectors.internal import internal_surveys
from surveys.services.internal import taken_part

from .staff_places import InternalPlace


class InternalSurveysPanel(Component):
    """Open internal surveys of the person's regions, each with "answer" or "answered"; empty without one."""

    order = 70
    name = "internal-surveys"
    template_name = "surveys/admin/internal_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        places = [InternalPlace(survey, user=user) for survey in internal_surveys(user)]
        open_now = [place for place in places if place.opening(now) is Opening.OPEN]
        done = taken_part([(place.survey, place.day(now)) for place in open_now], user=user)
        return {"rows": [(place, place.survey.pk in done) for place in open_now]}

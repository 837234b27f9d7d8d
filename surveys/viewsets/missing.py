"""Agencies without a sample target, each with a link that fills the form, and agencies without answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.permissions import policy_registry

from core.period_words import period_words
from core.periods import Period, PeriodKind, period_from_key, period_of
from core.viewsets.scoped import READING
from surveys.models import SurveyTarget
from surveys.selectors.missing import missing_for
from surveys.selectors.trends import period_before

from .screens import Screen

# The running quarter, the next one to prepare, the two before, and both years.
_KINDS = (PeriodKind.QUARTER, PeriodKind.YEAR)


class MissingView(Screen, TemplateView):
    template_name = "surveys/admin/targets_missing.html"
    page_title = gettext_lazy("Who is missing")
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy_registry.get_by_type(SurveyTarget).user_has_any_permission(request.user, READING):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[tuple[str, Any]]:
        return [(reverse("survey_targets:index"), _("Survey targets"))]

    def period(self) -> Period:
        try:
            return period_from_key(self.request.GET.get("period", ""))
        except ValueError:
            return period_of(timezone.localdate(), PeriodKind.QUARTER)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, period = timezone.localdate(), self.period()
        missed = missing_for(self.request.user, period, today)
        rows = [(row, _form_url(row.agency.pk, period) if row.may_set else "") for row in missed.without_target]
        return super().get_context_data(
            period=period,
            period_words=period_words(period),
            periods=[(one.key, period_words(one)) for one in _choices(period)],
            without_target=rows,
            without_answers=[(row, reverse("ikm:agency", args=[row.pk])) for row in missed.without_answers],
            **kwargs,
        )


def _form_url(agency_id: int, period: Period) -> str:
    return f"{reverse('survey_targets:add')}?agency={agency_id}&period={period.key}"


def _choices(chosen: Period) -> list[Period]:
    today = timezone.localdate()
    quarter, year = (period_of(today, kind) for kind in _KINDS)
    before = period_before(quarter)
    found = [period_of(quarter.end, PeriodKind.QUARTER), quarter, before, period_before(before), year]
    return found if chosen in found else [chosen, *found]

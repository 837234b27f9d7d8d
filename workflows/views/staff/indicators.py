"""``/admin/pengaduan/kinerja/``: how the offices of a region are judged by their complaints, as the public reads it."""

from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from workflows.permissions import REGION_READERS
from workflows.selectors.indicators import indicators_of
from workflows.selectors.periods import asked_period, period_choices
from workflows.views.staff.base import RegionScreen


class IndicatorsView(RegionScreen, TemplateView):
    """All offices for whoever reads the region; the figures of an office's own head are on the public page."""

    template_name = "workflows/staff/indicators.html"
    header_icon = "success"
    region_roles = REGION_READERS

    def get_page_title(self) -> str:
        return _("How complaints are handled")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period = asked_period(self.region, self.request.GET.get("periode", ""))
        public = self.request.GET.get("publik") == "1"
        report = indicators_of(self.region, period, public=public)
        choices = period_choices(self.region, period)
        return super().get_context_data(
            region=self.region, report=report, period=period, periods=choices, public=public, **kwargs
        )

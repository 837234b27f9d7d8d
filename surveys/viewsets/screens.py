"""A screen of ours inside the admin: named in the title, with the way back to the list it belongs to."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class Screen(WagtailAdminTemplateMixin):
    def trail(self) -> list[tuple[str, Any]]:
        """Address and name of the screens above, from the list down."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        steps = [{"url": url, "label": str(label)} for url, label in self.trail()]
        return [*self.breadcrumbs_items, *steps, {"url": "", "label": str(self.get_page_title())}]


class PeriodFilterSet(WagtailFilterSet):
    """A list by reporting period; ``Meta`` names the model."""

    period = django_filters.CharFilter(label=_("Period, for example 2026Q3"))

"""The queue: what is due first stands on top, in words."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.models import Agency
from core.permissions import ALL_ROLES, scope_of
from workflows.models import Category
from workflows.selectors import queue
from workflows.selectors.standing import standings
from workflows.staff_forms import QueueFilterForm
from workflows.views.staff.base import StaffScreen, may_enter

PAGE_SIZE = 25


class QueueView(StaffScreen, TemplateView):
    template_name = "workflows/staff/queue.html"

    def get_page_title(self) -> str:
        return _("Complaints")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def agencies(self) -> list[Agency]:
        return list(queue.agencies_in_queue(self.request.user))

    @cached_property
    def form(self) -> QueueFilterForm:
        categories = Category.objects.filter(Q(region__isnull=True) | scope_of(self.request.user).region_q(ALL_ROLES))
        choices = {
            "agency": [("", _("All agencies")), *((str(row.pk), row.indented_name) for row in self.agencies)],
            "category": [("", _("All topics")), *((row.code, str(row)) for row in categories)],
        }
        return QueueFilterForm(self.request.GET, choices=choices)

    @cached_property
    def filters(self) -> dict[str, Any]:
        """What is valid of the address; a broken filter is left out and said beside its field."""
        self.form.is_valid()
        typed = dict(self.form.cleaned_data)
        typed["agency"] = next((row for row in self.agencies if str(row.pk) == typed.get("agency")), None)
        return typed

    @cached_property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "")
        if asked in queue.TABS:
            return asked
        return queue.TURN if self.counts[queue.TURN] else queue.OPEN

    @cached_property
    def counts(self) -> dict[str, int]:
        return queue.tab_counts(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_filtered, now = any(self.filters.values()), timezone.now()
        rows = queue.queue_for(self.request.user, tab=self.tab, filters=self.filters, now=now)
        paginator = Paginator(rows, PAGE_SIZE)
        if not is_filtered:
            paginator.count = self.counts[self.tab]  # known from the tabs already
        page = paginator.get_page(self.request.GET.get("p"))
        words = standings(page.object_list, now)
        return super().get_context_data(
            form=self.form,
            tabs=[(tab, TAB_NAMES[tab](), self.counts[tab]) for tab in queue.TABS],
            tab=self.tab,
            page=page,
            rows=[(case, words[case.pk]) for case in page.object_list],
            is_filtered=is_filtered,
            may_enter=may_enter(self.request.user),
            query=_without_page(self.request),
            **kwargs,
        )


def _without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("p", None)
    return kept.urlencode()


TAB_NAMES = {
    queue.TURN: lambda: _("My turn"),
    queue.OPEN: lambda: _("Open"),
    queue.WAITING: lambda: _("Reporter's turn"),
    queue.ENDED: lambda: _("Ended"),
    queue.ALL: lambda: _("All"),
}

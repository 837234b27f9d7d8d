"""The queue: what is due first stands on top, in words."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.merging import Keys
from core.models import Region
from core.paging import AFTER, BEFORE, LAST
from core.permissions import scope_of
from workflows.desk_forms import QueueForm, SaveFilterForm
from workflows.permissions import DESK_ROLES
from workflows.selectors import queue
from workflows.selectors.casesearch import found_keys
from workflows.selectors.queue_lists import Lists, lists_for
from workflows.selectors.seats import Seats, seats_of
from workflows.selectors.standing import standings
from workflows.states import Status
from workflows.views.staff.base import StaffScreen, may_enter
from workflows.views.staff.bulk import BULK_LABELS

PAGE_SIZE = 25


class QueueView(StaffScreen, TemplateView):
    template_name = "workflows/staff/queue.html"

    def get_page_title(self) -> str:
        return _("Complaints")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def seats(self) -> Seats:
        return seats_of(self.request.user, self.lists.agencies)

    @cached_property
    def lists(self) -> Lists:
        return lists_for(self.request.user)

    @cached_property
    def form(self) -> QueueForm:
        topics = {row.code: str(row) for row in self.lists.topics}
        choices = {
            "agency": [("", _("All agencies")), *((str(row.pk), row.indented_name) for row in self.lists.agencies)],
            "category": [("", _("All topics")), *topics.items()],
        }
        return QueueForm(self.request.GET, choices=choices)

    @cached_property
    def filters(self) -> dict[str, Any]:
        """What is valid of the address; a broken filter is left out and said beside its field."""
        self.form.is_valid()
        return self.form.cleaned_data

    @cached_property
    def wanted(self) -> queue.Wanted:
        asked, user = self.filters, self.request.user
        chosen = next((row for row in self.lists.agencies if str(row.pk) == asked.get("agency")), None)
        units = (row.pk for row in self.lists.agencies if chosen and row.path.startswith(chosen.path))
        topics = (row.pk for row in self.lists.topics if row.code == asked.get("category"))
        late = (queue.LATE,) if asked.get("overdue") else ()
        free = (queue.UNASSIGNED,) if asked.get("unassigned") else ()
        stuck = (queue.UNDELIVERED,) if asked.get("undelivered") else ()
        to_arbiter, status = asked.get("arbiter"), asked.get("status")
        status = Status.VERIFIED if to_arbiter else status
        back = (queue.RETURNED_OFTEN,) if to_arbiter else ()
        return queue.Wanted(
            statuses=(status,) if status else (),
            agencies=tuple(units) if chosen else None,
            categories=tuple(topics) if asked.get("category") else None,
            officer=user if asked.get("mine") else None,
            extra=(*late, *free, *stuck, *back),
        )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def counts(self) -> dict[str, int]:
        return queue.tab_counts(self.request.user, self.seats)

    @cached_property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "")
        if asked in queue.TABS:
            return asked
        return queue.TURN if self.counts[queue.TURN] else queue.OPEN

    @cached_property
    def keys(self) -> Keys:
        given, text = self.request.GET.dict(), self.filters.get("q", "").strip()
        asked = {"tab": self.tab, "wanted": self.wanted, "given": given, "size": PAGE_SIZE, "now": self.now}
        if text:
            return found_keys(self.request.user, self.seats, text, **asked)
        return queue.queue_keys(self.request.user, self.seats, **asked)

    @property
    def shareable(self) -> list[tuple[str, str]]:
        """Regions in which the person may share a filter."""
        scope = scope_of(self.request.user)
        regions: dict[int, Region] = {row.region_id: row.region for row in self.lists.agencies if row.parent_id is None}
        return [(str(pk), str(row)) for pk, row in regions.items() if scope.covers_region(DESK_ROLES, pk)]

    @property
    def kept_query(self) -> str:
        """The address without its page: what a filter keeps."""
        paging = {AFTER, BEFORE, LAST, "p"}
        given = {name: value for name, value in self.request.GET.items() if value and name not in paging}
        return urlencode({"tab": self.tab, **given})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cases = queue.cases_of(self.request.user, self.keys.ids)
        words = standings(cases, self.now)
        saving = SaveFilterForm(initial={"query": self.kept_query}, regions=self.shareable)
        return super().get_context_data(
            form=self.form,
            tabs=[(tab, TAB_NAMES[tab](), self.counts.get(tab)) for tab in queue.TABS],
            count_limit=queue.COUNT_LIMIT,
            tab=self.tab,
            rows=[(case, words[case.pk]) for case in cases],
            pages=self.keys.links(self.request.GET.dict()),
            is_filtered=any(self.filters.values()),
            may_enter=may_enter(self.request.user),
            saved=self.lists.filters,
            saving=saving,
            kept_query=self.kept_query,
            bulk=BULK_LABELS,
            **kwargs,
        )


TAB_NAMES = {
    queue.TURN: lambda: _("My turn"),
    queue.OPEN: lambda: _("Open"),
    queue.WAITING: lambda: _("Reporter's turn"),
    queue.ENDED: lambda: _("Ended"),
    queue.ALL: lambda: _("All"),
}

"""The first thing staff see: what is late or due today, and how the own agency is rated now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from core.models import Agency, Region
from core.permissions import ALL_ROLES, scope_of
from surveys.selectors.standing_for import subject_of
from surveys.selectors.trends import TrendPoint, current_point
from workflows.permissions import AGENCY_READERS, REGION_READERS
from workflows.selectors import queue
from workflows.selectors.standing import standings

ROWS = 5
CASE_READERS = REGION_READERS | AGENCY_READERS


class CasesPanel(Component):
    """Late, due today and waiting, with the few cases that come first."""

    order = 50
    name = "cases"
    template_name = "home/staff/cases.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        rows = queue.due_now(user, size=ROWS, now=now)
        words = standings(rows, now)
        return {
            "counts": queue.standing_counts(user, now, _end_of_day(now)),
            "rows": [(case, words[case.pk]) for case in rows],
        }


class IndexPanel(Component):
    """The index of the own agency, or of the region for those who work for all of it."""

    order = 60
    name = "index"
    template_name = "home/staff/index.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        subject = subject_of(parent_context["request"].user)
        return {"subject": subject, "point": _point(subject)}


def _point(subject: Agency | Region | None) -> TrendPoint | None:
    if subject is None:
        return None
    region = subject if isinstance(subject, Region) else subject.region
    today = timezone.now().astimezone(region.zone).date()
    return current_point(on=today, region=subject) if subject == region else current_point(on=today, agency=subject)


def _end_of_day(now: datetime) -> datetime:
    """Midnight after today where the server's people are; deadlines end at closing time, well before it."""
    local = timezone.localtime(now)
    return timezone.make_aware(datetime.combine(local.date() + timedelta(days=1), time.min))


def panels_for(request: HttpRequest) -> list[Component]:
    """The panels this person has something to read in."""
    scope = scope_of(request.user)
    panels: list[Component] = []
    if scope.has_any(CASE_READERS):
        panels.append(CasesPanel())
    if scope.has_any(ALL_ROLES) and subject_of(request.user) is not None:
        panels.append(IndexPanel())
    return panels

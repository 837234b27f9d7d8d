"""Registers the screens of deadlines with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from workflows.calendar_policies import (
    CALENDAR_ACTIONS,
    LIMIT_ACTIONS,
    READING,
    CalendarPolicy,
    LimitPolicy,
    ProposalPolicy,
)
from workflows.models import CalendarLayer, CalendarProposal, EscalationRule, SlaPolicy, WorkingHours
from workflows.viewsets.calendars import CalendarViewSetGroup

register_permission_policy(CalendarLayer, CalendarPolicy(CalendarLayer, READING))
register_permission_policy(WorkingHours, CalendarPolicy(WorkingHours, READING))
register_permission_policy(CalendarProposal, ProposalPolicy(CalendarProposal, READING))
register_permission_policy(EscalationRule, CalendarPolicy(EscalationRule, CALENDAR_ACTIONS))
register_permission_policy(SlaPolicy, LimitPolicy(SlaPolicy, LIMIT_ACTIONS))


@hooks.register("register_admin_viewset")
def register_calendar_viewsets() -> CalendarViewSetGroup:
    return CalendarViewSetGroup()


@hooks.register("register_admin_urls")
def register_deadline_urls() -> list[URLResolver]:
    return [path("tenggat/", include("workflows.deadline_urls"))]

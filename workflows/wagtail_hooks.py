"""Registers policies and staff screens of the app with Wagtail; decides nothing."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from workflows.calendar_policies import CALENDAR_ACTIONS, LIMIT_ACTIONS, CalendarPolicy, LimitPolicy
from workflows.models import CalendarLayer, SlaPolicy, WorkingHours
from workflows.viewsets.calendars import CalendarViewSetGroup

register_permission_policy(CalendarLayer, CalendarPolicy(CalendarLayer, CALENDAR_ACTIONS))
register_permission_policy(WorkingHours, CalendarPolicy(WorkingHours, CALENDAR_ACTIONS))
register_permission_policy(SlaPolicy, LimitPolicy(SlaPolicy, LIMIT_ACTIONS))


@hooks.register("register_admin_viewset")
def register_calendar_viewsets() -> ViewSetGroup:
    return CalendarViewSetGroup()

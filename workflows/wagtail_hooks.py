"""Registers policies and staff screens of the app with Wagtail; decides nothing."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from workflows import bridge_hooks, intake_hooks, privacy_hooks  # noqa: F401  own screens
from workflows.calendar_policies import CALENDAR_ACTIONS, LIMIT_ACTIONS, CalendarPolicy, LimitPolicy
from workflows.models import CalendarLayer, SlaPolicy, WorkingHours
from workflows.views.staff.menu import ComplaintsMenuItem, StatesMenuItem
from workflows.viewsets.calendars import CalendarViewSetGroup

register_permission_policy(CalendarLayer, CalendarPolicy(CalendarLayer, CALENDAR_ACTIONS))
register_permission_policy(WorkingHours, CalendarPolicy(WorkingHours, CALENDAR_ACTIONS))
register_permission_policy(SlaPolicy, LimitPolicy(SlaPolicy, LIMIT_ACTIONS))


@hooks.register("register_admin_viewset")
def register_calendar_viewsets() -> ViewSetGroup:
    return CalendarViewSetGroup()


@hooks.register("register_admin_urls")
def register_complaint_urls() -> list[URLResolver]:
    return [path("pengaduan/", include("workflows.staff_urls"))]


@hooks.register("register_admin_menu_item")
def register_complaint_menu_item() -> ComplaintsMenuItem:
    return ComplaintsMenuItem(
        _("Complaints"), reverse("complaints:queue"), name="complaints", icon_name="mail", order=150
    )


@hooks.register("register_settings_menu_item")
def register_states_menu_item() -> StatesMenuItem:
    return StatesMenuItem(_("States and rules"), reverse("complaints:states"), icon_name="list-ul", order=600)

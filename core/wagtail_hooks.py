"""Registers the core's policies and staff screens with Wagtail; decides nothing."""

from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy

from core.models import Agency, Region, Service, User
from core.policies import (
    AGENCY_ACTIONS,
    REGION_ACTIONS,
    SERVICE_ACTIONS,
    STAFF_ACTIONS,
    RegionPolicy,
    ScopedPolicy,
    StaffPolicy,
)
from core.services.second_factor import LOGGED
from core.viewsets.agencies import AgencyViewSet, ServiceViewSet
from core.viewsets.people import NoBulkActivation, NoBulkDelete, NoBulkRole
from core.viewsets.regions import RegionViewSet

register_permission_policy(Agency, ScopedPolicy(Agency, AGENCY_ACTIONS))
register_permission_policy(Service, ScopedPolicy(Service, SERVICE_ACTIONS, prefix="agency__"))
register_permission_policy(Region, RegionPolicy(Region, REGION_ACTIONS))
register_permission_policy(Group)
register_permission_policy(User, StaffPolicy(User, STAFF_ACTIONS))


@hooks.register("register_admin_viewset")
def register_viewsets() -> list:
    return [AgencyViewSet(), ServiceViewSet(), RegionViewSet()]


# Later than Wagtail's own, which they replace.
for action in (NoBulkActivation, NoBulkDelete, NoBulkRole):
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("construct_main_menu")
def hide_foreign_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's help menu leads to its own release notes on another site, in English."""
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def staff_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("suara/css/admin.css"))


@hooks.register("register_account_menu_item")
def register_security_menu_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Two-step sign-in and recovery codes"),
        "help_text": _("Add an authenticator app or get new recovery codes."),
    }


@hooks.register("register_log_actions")
def register_reset(actions: Any) -> None:
    actions.register_action(LOGGED)(ResetFormatter)


class ResetFormatter(LogFormatter):
    label = _("Reset a second factor")
    message = _("Second factor reset")

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


@hooks.register("register_settings_menu_item")
def register_security_link() -> MenuItem:
    return MenuItem(_("Two-step sign-in"), reverse("mfa_index"), icon_name="lock", order=900)

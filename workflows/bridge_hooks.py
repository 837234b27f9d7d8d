"""Puts the exchange with SP4N-LAPOR!, indicators and the sample under Wagtail's reports. For ``wagtail_hooks``."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from workflows.permissions import DESK_ROLES, REGION_READERS
from workflows.views.staff.menu import RoleItem


@hooks.register("register_reports_menu_item")
def register_indicators() -> RoleItem:
    label, address = _("How complaints are handled"), reverse("complaints:indicators")
    return RoleItem(label, address, name="complaint-indicators", icon_name="success", order=100, roles=REGION_READERS)


@hooks.register("register_reports_menu_item")
def register_samples() -> RoleItem:
    label, address = _("Sample of closed cases"), reverse("complaints:samples")
    return RoleItem(label, address, name="sampled-cases", icon_name="view", order=105, roles=REGION_READERS)


@hooks.register("register_reports_menu_item")
def register_bridge() -> RoleItem:
    address = reverse("complaints:sp4n")
    return RoleItem("SP4N-LAPOR!", address, name="sp4n", icon_name="resubmit", order=110, roles=DESK_ROLES)

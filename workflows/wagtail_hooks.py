"""Registers the staff screens of the app with Wagtail; decides nothing."""

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from workflows import bridge_hooks, deadline_hooks, intake_hooks, privacy_hooks  # noqa: F401  own screens
from workflows.views.staff.menu import CasesItem


@hooks.register("register_admin_urls")
def register_complaint_urls() -> list[URLResolver]:
    return [path("pengaduan/", include("workflows.staff_urls"))]


@hooks.register("register_admin_menu_item")
def register_complaint_menu_item() -> CasesItem:
    return CasesItem(_("Complaints"), reverse("complaints:queue"), name="complaints", icon_name="mail", order=150)


@hooks.register("register_settings_menu_item")
def register_states_menu_item() -> CasesItem:
    return CasesItem(_("States and rules"), reverse("complaints:states"), icon_name="list-ul", order=600)

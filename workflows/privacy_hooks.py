"""Registers the screens of privacy and messages with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from workflows.services import desk_settings, retention
from workflows.views.staff.letters import ADMINS
from workflows.views.staff.menu import RoleItem
from workflows.views.staff.proofs import READERS


@hooks.register("register_admin_urls")
def register_privacy_urls() -> list[URLResolver]:
    return [path("privasi/", include("workflows.privacy_urls"))]


@hooks.register("register_settings_menu_item")
def register_proofs_item() -> MenuItem:
    address = reverse("privacy:proofs")
    return RoleItem(_("Privacy and proof"), address, icon_name="lock", order=810, roles=READERS)


@hooks.register("register_settings_menu_item")
def register_letters_item() -> MenuItem:
    address = reverse("privacy:letters")
    return RoleItem(_("Messages and their wording"), address, icon_name="mail", order=820, roles=ADMINS)


@hooks.register("register_settings_menu_item")
def register_desk_item() -> MenuItem:
    address = reverse("complaints:settings")
    return RoleItem(_("Settings of the complaint desk"), address, icon_name="cog", order=805, roles=ADMINS)


@hooks.register("register_log_actions")
def register_settings_actions(actions: Any) -> None:
    changed = _("Settings of the complaint desk changed")
    actions.register_action(desk_settings.LOGGED, _("Change settings"), changed)
    actions.register_action(retention.LOGGED, _("Change a retention rule"), _("Retention rule changed"))


@hooks.register("register_account_menu_item")
def register_messages_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("privacy:messages"),
        "label": _("My messages"),
        "help_text": _("Choose what you get by e-mail."),
    }

"""Registers the screens of privacy and messages with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.models import Role
from core.permissions import scope_of
from workflows.views.staff.letters import ADMINS
from workflows.views.staff.proofs import READERS


class RoleMenuItem(MenuItem):
    """Shown to people with one of the roles."""

    roles: frozenset[Role] = frozenset()

    def is_shown(self, request: HttpRequest) -> bool:
        return scope_of(request.user).has_any(self.roles)


class ProofsMenuItem(RoleMenuItem):
    roles = READERS


class LettersMenuItem(RoleMenuItem):
    roles = ADMINS


@hooks.register("register_admin_urls")
def register_privacy_urls() -> list[URLResolver]:
    return [path("privasi/", include("workflows.privacy_urls"))]


@hooks.register("register_settings_menu_item")
def register_proofs_item() -> MenuItem:
    return ProofsMenuItem(_("Privacy and proof"), reverse("privacy:proofs"), icon_name="lock", order=810)


@hooks.register("register_settings_menu_item")
def register_letters_item() -> MenuItem:
    return LettersMenuItem(_("Messages and their wording"), reverse("privacy:letters"), icon_name="mail", order=820)


@hooks.register("register_account_menu_item")
def register_messages_item(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("privacy:messages"),
        "label": _("My messages"),
        "help_text": _("Choose what you get by e-mail."),
    }

"""Registers the instrument editor, the dashboards and the inbox with Wagtail; decides nothing.

Imported by ``wagtail_hooks``.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from core.permissions import ALL_ROLES, scope_of
from surveys.models import Instrument, InstrumentVersion
from surveys.permissions import INSTRUMENT_ACTIONS
from surveys.policies import InstrumentPolicy
from surveys.viewsets.instruments import InstrumentViewSetGroup

register_permission_policy(Instrument, InstrumentPolicy(Instrument, INSTRUMENT_ACTIONS))
register_permission_policy(InstrumentVersion, InstrumentPolicy(InstrumentVersion, INSTRUMENT_ACTIONS))


class RoleMenuItem(MenuItem):
    """For everybody who holds a role."""

    def is_shown(self, request: HttpRequest) -> bool:
        return scope_of(request.user).has_any(ALL_ROLES)


@hooks.register("register_admin_viewset")
def register_instruments() -> Any:
    return InstrumentViewSetGroup()


@hooks.register("register_admin_urls")
def register_desk_urls() -> list[URLResolver]:
    return [path("ikm/", include("surveys.desk_urls"))]


@hooks.register("register_admin_menu_item")
def register_dashboard() -> MenuItem:
    return RoleMenuItem(_("Satisfaction index"), reverse_lazy("ikm:home"), name="ikm", icon_name="history", order=160)


@hooks.register("register_admin_menu_item")
def register_inbox() -> MenuItem:
    return RoleMenuItem(_("Comments"), reverse_lazy("ikm:inbox"), name="ikm-comments", icon_name="comment", order=165)

"""Menu items: by role, and the complaints with the number of cases that wait for this person."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from core.permissions import scope_of
from workflows.selectors.queue import waiting_for
from workflows.views.staff.base import may_read_cases


class ComplaintsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_cases(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        waiting = waiting_for(request.user)
        label = _("Complaints (%(count)d)") % {"count": waiting} if waiting else _("Complaints")
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname)


class RoleItem(MenuItem):
    """Shown to holders of these roles."""

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return scope_of(request.user).has_any(self.roles)


class StatesMenuItem(MenuItem):
    """The diagram and the rules: for everybody who works with cases."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_cases(request.user)

"""Menu items by role."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from core.permissions import scope_of
from workflows.views.staff.base import may_read_cases


class RoleItem(MenuItem):
    """Shown to holders of these roles."""

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return scope_of(request.user).has_any(self.roles)


class CasesItem(MenuItem):
    """For everybody who works with cases. Without a number: every page of the staff would have to count."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_cases(request.user)

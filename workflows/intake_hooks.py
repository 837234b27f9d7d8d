"""Registers the intake screens with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from typing import Any

from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy

from workflows.category_policies import category_policy
from workflows.models import Category
from workflows.permissions import DESK_ROLES, HEAD_ROLES, REGION_READERS, SUPERVISORS
from workflows.services.traces import LOGGED
from workflows.views.staff.base import ENTRY_ROLES
from workflows.views.staff.menu import RoleItem
from workflows.viewsets.categories import CategoryViewSet
from workflows.viewsets.traced import ChangedFormatter

register_permission_policy(Category, category_policy())


@hooks.register("register_admin_urls")
def register_intake_urls() -> list[URLResolver]:
    return [path("masuk/", include("workflows.intake_urls"))]


@hooks.register("register_admin_viewset")
def register_topics() -> CategoryViewSet:
    return CategoryViewSet()


@hooks.register("register_intake_menu_item")
def register_inbox() -> MenuItem:
    return RoleItem(_("Messages to look at"), reverse_lazy("intake:inbox"), name="intake-inbox", icon_name="mail",
                    order=10, roles=DESK_ROLES)  # fmt: skip


@hooks.register("register_intake_menu_item")
def register_held() -> MenuItem:
    return RoleItem(_("Entries dated back"), reverse_lazy("intake:held"), name="intake-held", icon_name="history",
                    order=20, roles=ENTRY_ROLES | SUPERVISORS | HEAD_ROLES)  # fmt: skip


@hooks.register("register_intake_menu_item")
def register_topics_item() -> MenuItem:
    return RoleItem(_("Topics"), reverse_lazy("complaint_topics:index"), name="intake-topics", icon_name="tag",
                    order=30, roles=SUPERVISORS)  # fmt: skip


@hooks.register("register_intake_menu_item")
def register_routing() -> MenuItem:
    return RoleItem(_("Routing rules"), reverse_lazy("intake:routing"), name="intake-routing", icon_name="redirect",
                    order=40, roles=REGION_READERS)  # fmt: skip


@hooks.register("register_intake_menu_item")
def register_gateways() -> MenuItem:
    return RoleItem(_("Message gateways"), reverse_lazy("intake:gateways"), name="intake-gateways", icon_name="link",
                    order=50, roles=SUPERVISORS)  # fmt: skip


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    menu = Menu(register_hook_name="register_intake_menu_item")
    return SubmenuMenuItem(_("Intake"), menu, name="intake", icon_name="download", order=155)


@hooks.register("register_log_actions")
def register_questions_action(actions: Any) -> None:
    actions.register_action("workflows.questions", _("Publish questions"), _("Questions of the topic published"))
    actions.register_action(LOGGED)(ChangedFormatter)

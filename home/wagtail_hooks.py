"""Registers the staff's dashboard with Wagtail; decides nothing."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from home.dashboard import panels_for


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    panels.extend(panels_for(request))

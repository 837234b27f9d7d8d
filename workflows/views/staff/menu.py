"""The menu item of the complaints, with the number of cases that wait for this person."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from workflows.selectors.queue import waiting_for
from workflows.views.staff.base import may_read_cases


class ComplaintsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_cases(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        waiting = waiting_for(request.user)
        label = _("Complaints (%(count)d)") % {"count": waiting} if waiting else _("Complaints")
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname)


class StatesMenuItem(MenuItem):
    """The diagram and the rules: for everybody who works with cases."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_cases(request.user)

"""What the staff's complaint screens share."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.models import Region, User
from core.permissions import Role, scope_of
from workflows.models import Complaint
from workflows.permissions import AGENCY_READERS, DESK_ROLES, REGION_READERS
from workflows.selectors.complaints import case_for

READERS = REGION_READERS | AGENCY_READERS
# Who takes complaints at a counter or on the phone: the desk, and the agencies' front officers.
ENTRY_ROLES = DESK_ROLES | {Role.LIAISON}


def may_read_cases(user: User) -> bool:
    """An editor has no business here; everybody else sees what ``visible_to`` gives."""
    return scope_of(user).has_any(READERS)


def may_enter(user: User) -> bool:
    return scope_of(user).has_any(ENTRY_ROLES)


class StaffScreen(WagtailAdminTemplateMixin):
    """A screen of the complaint desk, closed to people without a role in it."""

    header_icon = "mail"
    request: HttpRequest

    def allowed(self) -> bool:
        return may_read_cases(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.allowed():
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        # Cases hold what people confided; nothing of them stays in a browser on a shared desk.
        response["Cache-Control"] = "no-store, private"
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = [*self.breadcrumbs_items, {"url": reverse("complaints:queue"), "label": _("Complaints")}]
        return [*crumbs, {"url": "", "label": self.get_page_title()}]


class RegionScreen(StaffScreen):
    """A screen about one region: the one asked for by its code, else the first in which the person holds a role."""

    region_roles: frozenset[str] = READERS

    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(self.region_roles)

    @cached_property
    def regions(self) -> list[Region]:
        scope = scope_of(self.request.user)
        return list(Region.objects.filter(scope.region_q(self.region_roles, field="pk")).order_by("code"))

    @cached_property
    def region(self) -> Region:
        asked = self.request.POST.get("region") or self.request.GET.get("region")
        found = next((region for region in self.regions if region.code == asked), None)
        if found is None and (asked or not self.regions):
            raise PermissionDenied
        return found or self.regions[0]


def visible_case(user: User, reference: str) -> Complaint:
    """One case the person may see; anything else is as if it did not exist."""
    try:
        return case_for(user, reference)
    except Complaint.DoesNotExist as error:
        raise Http404 from error

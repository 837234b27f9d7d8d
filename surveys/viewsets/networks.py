"""The offices' own networks: kept by the regional administrator, because they mark an office's own answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from core.models import Agency
from core.permissions import scope_of
from core.viewsets.scoped import ScopedIndexView, ScopedViewSet
from surveys.models import OfficeNetwork
from surveys.permissions import NETWORK_ACTIONS


class NetworkForm(WagtailAdminModelForm):
    class Meta:
        model = OfficeNetwork
        fields = ["agency", "network", "note"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        allowed = scope_of(self.for_user).agency_q(NETWORK_ACTIONS["add"])
        self.fields["agency"].queryset = Agency.objects.filter(allowed)


class NetworkIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[OfficeNetwork]:
        return super().get_base_queryset().select_related("agency")


class OfficeNetworkViewSet(ScopedViewSet):
    model = OfficeNetwork
    name = "office_networks"
    url_prefix = "office-networks"
    icon = "desktop"
    menu_label = _("Office networks")
    menu_order = 246
    add_to_admin_menu = True
    index_view_class = NetworkIndexView
    inspect_view_enabled = False
    list_display = ["network", "agency", "note"]
    search_fields = ["network", "note", "agency__name"]

    def get_form_class(self, for_update: bool = False) -> type[NetworkForm]:
        return NetworkForm

"""Regions: made by a superuser, tended by their administrator."""

from django.utils.translation import gettext_lazy as _

from core.models import Region
from core.viewsets.forms import RegionForm
from core.viewsets.scoped import ScopedViewSet


class RegionViewSet(ScopedViewSet):
    model = Region
    name = "regions"
    icon = "site"
    menu_label = _("Regions")
    menu_order = 230
    add_to_settings_menu = True
    search_fields = ("name", "code")
    list_display = ("__str__", "code", "kind", "time_zone")
    inspect_view_fields = ("name", "code", "kind", "time_zone")

    def get_form_class(self, for_update: bool = False) -> type[RegionForm]:
        return RegionForm

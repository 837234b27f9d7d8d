"""A region's own settings of its complaint desk and its reporters' page."""

from dataclasses import asdict
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.models import ModelLogEntry

from workflows.desk_settings_forms import DeskSettingsForm
from workflows.models import ComplaintDesk
from workflows.permissions import SUPERVISORS
from workflows.services.desk_settings import LOGGED, DeskSettings, change_settings, settings_of
from workflows.views.staff.base import RegionScreen

SHOWN = 10


class DeskSettingsView(RegionScreen, TemplateView):
    """For the region's administrator; what changed stands below, with who did it."""

    template_name = "workflows/staff/desk_settings.html"
    region_roles = SUPERVISORS

    def get_page_title(self) -> str:
        return _("Settings of the complaint desk")

    @cached_property
    def desk(self) -> ComplaintDesk:
        found = ComplaintDesk.objects.filter(region=self.region).select_related("region").first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or DeskSettingsForm(initial=asdict(settings_of(self.desk)), label_suffix="")
        entries = ModelLogEntry.objects.for_instance(self.desk).filter(action=LOGGED).select_related("user")
        entries = entries.order_by("-timestamp", "-pk")
        labels = {name: field.label for name, field in form.fields.items()}
        changes = [
            (entry, [(labels.get(name, name), *map(_said, pair)) for name, pair in entry.data["changed"].items()])
            for entry in entries[:SHOWN]
        ]
        return super().get_context_data(
            form=form, desk=self.desk, region=self.region, regions=self.regions, changes=changes, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeskSettingsForm(request.POST, label_suffix="")
        if not (self.desk and form.is_valid()):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            change_settings(region=self.region, actor=request.user, wanted=DeskSettings(**form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("The settings are saved."))
        return redirect(f"{reverse('complaints:settings')}?region={self.region.code}")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value == "" else str(value)

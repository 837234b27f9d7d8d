"""Devices: list with their state, form, one-time code, revocation and what could not be stored."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView
from wagtail.permissions import policy_registry

from core.viewsets.scoped import ScopedIndexView, ScopedInspectView, ScopedViewSet
from surveys import qr
from surveys.codes import grouped
from surveys.models import Device
from surveys.selectors.devices import forgotten_refusals, open_refusals
from surveys.services.device_files import BadFile, receive_file
from surveys.services.devices import issue_code, kiosk_address, revoke
from surveys.services.offline import retry_refusals
from surveys.viewsets.device_forms import DeviceForm, FileForm
from surveys.viewsets.screens import Screen


def visible_device(request: HttpRequest, pk: int, *, to_change: bool = False) -> Device:
    """The device when the person may see it (else 404) and, where asked, change it (else 403)."""
    devices = Device.objects.visible_to(request.user).select_related("service_point__agency__region")
    device = get_object_or_404(devices, pk=pk)
    policy = policy_registry.get_by_type(Device)
    if to_change and not policy.user_has_permission_for_instance(request.user, "change", device):
        raise PermissionDenied
    return device


class DeviceFilterSet(WagtailFilterSet):
    class Meta:
        model = Device
        fields = ("kind",)


class StateColumn(Column):
    """A word and a colour; since when, where it is silent."""

    cell_template_name = "surveys/admin/device_state_cell.html"

    def get_value(self, instance: Device) -> Device.State:
        return instance.state(timezone.now())


class DeviceIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[Device]:
        return super().get_base_queryset().select_related("service_point__agency__region")


class DeviceCreateView(CreateView):
    def get_success_url(self) -> str:
        return reverse("devices:code", args=[self.object.pk])


class DeviceInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = self.object
        return super().get_context_data(
            device=device,
            state=device.state(timezone.now()),
            refusals=open_refusals(device),
            forgotten=forgotten_refusals(device),
            may_change=self._may("change"),
            file_form=FileForm(),
            **kwargs,
        )


class DeviceActView(Screen, TemplateView):
    """A screen about one device for those who may change it."""

    header_icon = "desktop"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.device = visible_device(request, kwargs["pk"], to_change=True)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.device.name

    def trail(self) -> list[tuple[str, Any]]:
        own = reverse("devices:inspect", args=[self.device.pk])
        return [(reverse("devices:index"), _("Devices")), (own, self.device.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(device=self.device, **kwargs)

    def inspect(self) -> HttpResponse:
        return redirect("devices:inspect", self.device.pk)


class CodeView(DeviceActView):
    """A new one-time code, shown in the answer to this one post and nowhere else."""

    template_name = "surveys/admin/device_code.html"
    page_title = gettext_lazy("Set up the device")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        code = issue_code(device=self.device, now=timezone.now())
        self.device.refresh_from_db(fields=["pin"])
        address = kiosk_address()
        rows = qr.matrix(f"{address}#{code}")
        drawing = {"qr_side": len(rows), "qr_path": qr.svg_path(rows)}
        context = self.get_context_data(code=grouped(code), address=address, **drawing)
        response = TemplateResponse(request, self.template_name, context)
        response["Cache-Control"] = "no-store"
        return response


class RevokeView(DeviceActView):
    template_name = "surveys/admin/device_revoke.html"
    page_title = gettext_lazy("Revoke the device")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        revoke(device=self.device, now=timezone.now(), actor=request.user)
        messages.success(request, _("The device is revoked. Answers still on it can be sent after a new set-up."))
        return self.inspect()


class RetryView(DeviceActView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        count = retry_refusals(device=self.device, now=timezone.now())
        sentence = ngettext("%(count)s answer is stored now.", "%(count)s answers are stored now.", count)
        messages.success(request, sentence % {"count": count})
        return self.inspect()


class FileView(DeviceActView):
    """Take the file an officer saved on a device that cannot reach us."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            messages.error(request, _("Please choose the file that was saved on the device."))
            return self.inspect()
        try:
            report = receive_file(device=self.device, file=form.cleaned_data["file"], now=timezone.now())
        except BadFile:
            messages.error(request, _("This is not a file of answers from a device."))
            return self.inspect()
        sentence = _("Stored: %(stored)s. Stored before: %(replayed)s. Refused: %(refused)s.")
        messages.success(request, sentence % report)
        return self.inspect()


class DeviceViewSet(ScopedViewSet):
    # A device is revoked, never deleted.
    without = frozenset({"delete"})
    model = Device
    name = "devices"
    url_prefix = "devices"
    icon = "desktop"
    menu_label = gettext_lazy("Devices")
    menu_order = 241
    add_to_admin_menu = True
    index_view_class = DeviceIndexView
    add_view_class = DeviceCreateView
    inspect_view_class = DeviceInspectView
    inspect_template_name = "surveys/admin/device.html"
    search_fields = ("name", "service_point__name", "service_point__agency__short_name")
    filterset_class = DeviceFilterSet
    list_display = (
        "name",
        Column("service_point", label=gettext_lazy("Service point"), sort_key="service_point__name"),
        Column("service_point.agency.short_name", label=gettext_lazy("Agency")),
        Column("get_kind_display", label=gettext_lazy("Kind")),
        StateColumn("state", label=gettext_lazy("State")),
        DateColumn("last_seen_at", label=gettext_lazy("Last seen"), sort_key="last_seen_at"),
        Column("unsent", label=gettext_lazy("Unsent"), sort_key="unsent"),
    )
    inspect_view_fields = ("service_point", "kind", "enrolled_at", "last_seen_at", "unsent", "battery", "app_version")

    def get_form_class(self, for_update: bool = False) -> type[DeviceForm]:
        return DeviceForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/code/", CodeView.as_view(), name="code"),
            path("<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
            path("<int:pk>/retry/", RetryView.as_view(), name="retry"),
            path("<int:pk>/file/", FileView.as_view(), name="file"),
        ]

"""Gateways of a region: list, add, new secret, in use or not; and the simulator of a demo installation."""

import json
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.delivery import letter_of
from core.models import Notification, Region
from core.notifications import address_hash
from core.outbound import Refused, checked_url
from core.permissions import scope_of
from core.sealing import unseal
from workflows.contact import phone_of
from workflows.intake.signing import SIGNATURE, TIMESTAMP, signed_headers
from workflows.models import Gateway
from workflows.permissions import SUPERVISORS
from workflows.services.intake.gateways import BadMessage, make_gateway, renew_secret, take_message
from workflows.views.staff.base import StaffScreen


class GatewayForm(forms.ModelForm):
    class Meta:
        model = Gateway
        fields = ("name", "slug", "kind", "outbound_url", "daily_limit")

    outbound_url = forms.URLField(
        label=gettext_lazy("Address for answers"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("https only; without one the gateway only receives."),
    )

    def clean_outbound_url(self) -> str:
        url = self.cleaned_data["outbound_url"]
        try:
            _checked = checked_url(url) if url else None
        except Refused as problem:
            raise ValidationError(_("Only an https address without a password in it."), code="url") from problem
        return url


class SimulatorForm(forms.Form):
    phone = forms.CharField(label=gettext_lazy("Phone or WhatsApp"), max_length=20, initial="+62 812 0000 1111")
    text = forms.CharField(
        label=gettext_lazy("Your message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class GatewayScreen(StaffScreen, TemplateView):
    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(SUPERVISORS)

    @property
    def rows(self) -> Any:
        return Gateway.objects.visible_to(self.request.user).select_related("region")

    @property
    def region(self) -> Region | None:
        scope = scope_of(self.request.user)
        return Region.objects.filter(scope.region_q(SUPERVISORS, field="pk")).order_by("code").first()


class GatewaysView(GatewayScreen):
    """A new secret stands in the answer to the post and nowhere else."""

    template_name = "workflows/staff/gateways.html"
    form: GatewayForm | None = None
    secret: tuple[Gateway, str] | None = None

    def get_page_title(self) -> str:
        return _("Message gateways")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        base = settings.BASE_URL
        listed = [(row, base + reverse("workflows:gateway", args=[row.slug])) for row in self.rows]
        form = self.form or GatewayForm(label_suffix="")
        return super().get_context_data(
            listed=listed, form=form, secret=self.secret, may_simulate=may_simulate(self.region), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if "renew" in request.POST or "switch" in request.POST:
            return self.change(request)
        self.form = GatewayForm(request.POST, label_suffix="")
        if not self.form.is_valid() or self.region is None:
            return self.render_to_response(self.get_context_data(), status=422)
        self.secret = make_gateway(region=self.region, actor=request.user, **self.form.cleaned_data)
        self.form = None
        return self.render_to_response(self.get_context_data())

    def change(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.get("renew") or request.POST.get("switch") or ""
        gateway = self.rows.filter(slug=asked[:30]).first()
        if gateway is None:
            raise Http404
        if "renew" in request.POST:
            self.secret = gateway, renew_secret(gateway=gateway, actor=request.user)
        else:
            gateway.is_active = not gateway.is_active
            gateway.save(update_fields=["is_active"])
        return self.render_to_response(self.get_context_data())


def may_simulate(region: Region | None) -> bool:
    """Only on a developer's machine or in the demo region of an installation that allows demo accounts."""
    return settings.DEBUG or bool(region and region.is_demo and settings.DEMO_ACCOUNTS_ALLOWED)


class SimulatorView(GatewayScreen):
    """Plays the gateway: signs what is typed, posts it through the same door, and shows what would be sent back."""

    template_name = "workflows/staff/simulator.html"
    said: dict[str, Any] | None = None

    def get_page_title(self) -> str:
        return _("Messenger simulator")

    def allowed(self) -> bool:
        return super().allowed() and may_simulate(self.region)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or SimulatorForm(label_suffix="")
        return super().get_context_data(form=form, said=self.said, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SimulatorForm(request.POST, label_suffix="")
        if form.is_valid():
            self.say(form)
        return self.render_to_response(self.get_context_data(form=form), status=200 if form.is_valid() else 422)

    def say(self, form: SimulatorForm) -> None:
        gateway, typed, now = self.simulator(), form.cleaned_data, timezone.now()
        body = json.dumps({"id": uuid4().hex, "from": typed["phone"], "text": typed["text"]}).encode()
        headers = signed_headers(unseal(gateway.secret_sealed), body, now)
        signed = {"timestamp": headers[TIMESTAMP], "signature": headers[SIGNATURE]}
        try:
            row = take_message(slug=gateway.slug, body=body, now=now, **signed)
        except BadMessage as problem:
            form.add_error(None, str(problem))
            return
        who = address_hash(phone_of(typed["phone"]))
        letters = Notification.objects.filter(recipient_hash=who, channel=gateway.kind).order_by("-pk")[:5]
        self.said = {"row": row, "letters": [letter_of(letter) for letter in letters], "body": body.decode()}

    def simulator(self) -> Gateway:
        """The region's simulator, made when it is first needed."""
        region = self.region
        found = Gateway.objects.filter(region=region, is_simulator=True).first()
        if found or region is None:
            return found
        values = {"name": _("Simulator"), "slug": f"simulator-{region.pk}", "kind": "whatsapp", "is_simulator": True}
        return make_gateway(region=region, actor=self.request.user, **values)[0]

"""Type in what came by letter, phone or at the counter; received and entered are two moments."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages

from core import qr
from core.models import Agency, District, Region
from core.permissions import scope_of
from workflows.contact import ContactBy, ways_offered
from workflows.form_tokens import read_token
from workflows.models import Complaint
from workflows.selectors import places
from workflows.selectors.complaints import first_event
from workflows.selectors.messengers import kinds_to_offer
from workflows.services.contact import require_way
from workflows.services.files import discard_upload, keep_uploads
from workflows.services.filing import Draft, Receipt
from workflows.services.identity import Identity
from workflows.services.intake.accepting import accept
from workflows.services.intake.arrivals import Arrival
from workflows.staff_forms import EntryForm
from workflows.views.asking import Asking
from workflows.views.staff.base import ENTRY_ROLES, RegionScreen, may_enter
from workflows.views.staff.unfinished import UnfinishedForm


class EntryView(UnfinishedForm, RegionScreen, TemplateView):
    """As on the public form, every button posts everything, so nothing typed or uploaded is lost."""

    template_name = "workflows/staff/entry.html"
    header_icon = "plus"
    refused: list[str] = []

    def allowed(self) -> bool:
        return may_enter(self.request.user)

    def get_page_title(self) -> str:
        return _("Enter a complaint")

    @cached_property
    def regions(self) -> list[Region]:
        return list(entry_regions(self.request))

    @cached_property
    def now(self) -> Any:
        return timezone.now()

    def form(self, **kwargs: Any) -> EntryForm:
        today = self.now.astimezone(self.region.zone).date()
        typed = kwargs.get("data") or kwargs.get("initial") or {}
        choices = {
            "category": places.topics_of(self.region, today),
            "about": places.subjects_of(self.region, today),
            "district": places.districts_of(self.region),
            "village": places.villages_of(self.region, typed.get("district", "")),
        }
        form = EntryForm(choices=choices, today=today, now=self.now, label_suffix="", **kwargs)
        self.asking = Asking(self.region, typed)
        self.asking.add_to(form)
        return form

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form(initial={"klass": "complaint"}))

    def post(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(self.region.zone):
            return self.taken(request)

    def taken(self, request: HttpRequest) -> HttpResponse:
        """Times are typed in the region's zone, wherever the server stands."""
        _kept, self.refused = keep_uploads(form_key=self.form_key, files=request.FILES.getlist("files"))
        if "remove" in request.POST:
            discard_upload(form_key=self.form_key, key=request.POST["remove"])
        if "send" not in request.POST:
            return self.page(self.form(initial=request.POST.dict()))
        form = self.form(data=request.POST)
        if not form.is_valid() or self.refused:
            return self.page(form, status=422)
        if not self.asking.was_asked:
            return self.page(self.form(initial=request.POST.dict()))
        return self.accepted(form)

    def accepted(self, form: EntryForm) -> HttpResponse:
        typed = form.cleaned_data
        arrival = Arrival(
            region=self.region,
            draft=draft_of(self.region, typed, self.asking),
            token=read_token(self.token),
            uploads=self.kept,
            entered_by=self.request.user,
            received_at=typed["received_at"],
            late_reason=typed["late_reason"],
        )
        try:
            require_way(self.region.pk, typed["contact_by"] or ContactBy.NONE)
            accepted = accept(arrival, now=self.now)
        except ValidationError as error:
            form.add_error(None, error)
            return self.page(form, status=422)
        if accepted.receipt is None:
            messages.warning(self.request, _("The entry is kept; a supervisor looks at its day of receipt first."))
            return redirect("intake:held")
        return receipt_sheet(self, accepted.receipt)

    def page(self, form: EntryForm, status: int = 200) -> HttpResponse:
        form.offer_ways(ways_offered(kinds_to_offer(self.region.pk)))
        context = self.get_context_data(
            form=form,
            region=self.region,
            regions=self.regions,
            token=self.token,
            kept=self.kept,
            refused=self.refused,
            asked=self.asking.version.pk if self.asking.version else "",
        )
        return self.render_to_response(context, status=status)


def receipt_sheet(screen: Any, receipt: Receipt) -> HttpResponse:
    """Number, secret code and a QR of the tracking page, to be printed; the code stands on no other page."""
    screen.template_name = "workflows/staff/entered.html"
    visible = Complaint.objects.visible_to(screen.request.user).filter(pk=receipt.complaint.pk).exists()
    address = settings.BASE_URL + reverse("workflows:track")
    rows = qr.matrix(address)
    shown = {
        "qr_path": qr.svg_path(rows),
        "qr_side": len(rows),
        "address": address,
        "filed": first_event(receipt.complaint),
        "proofs": settings.BASE_URL + reverse("workflows:proofs"),
    }
    return screen.render_to_response(screen.get_context_data(receipt=receipt, may_open=visible, **shown))


@require_safe
def villages(request: HttpRequest) -> JsonResponse:
    """Villages of one district for the form's script: ``[["id", "Desa Tunjung"], …]``."""
    district = request.GET.get("kecamatan", "")
    known = District.objects.select_related("region").filter(pk=district if district.isdecimal() else 0).first()
    options = places.villages_of(known.region, district) if known else places.villages_of(Region(), "")
    return JsonResponse({"options": options})


def entry_regions(request: HttpRequest) -> QuerySet[Region]:
    """Regions in which the person takes complaints."""
    agencies = Agency.objects.filter(scope_of(request.user).agency_q(ENTRY_ROLES))
    return Region.objects.filter(agencies__in=agencies).distinct().order_by("code")


def draft_of(region: Region, typed: dict[str, Any], asking: Asking) -> Draft:
    """Every id is looked up inside the region; the choices of the form were made from it."""
    service, agency = places.subject_for(region, typed["about"])
    return Draft(
        title=typed["title"],
        body=typed["body"],
        klass=typed["klass"],
        **asking.draft_values(typed),
        service=service,
        agency_hint=agency,
        district=places.district_for(typed["district"]),
        village=places.village_for(typed["village"], typed["district"]),
        place=typed["place"],
        incident_on=typed["incident_on"],
        channel=typed["channel"],
        is_anonymous=typed["is_anonymous"],
        is_confidential=typed["is_confidential"],
        identity=Identity(typed["name"], typed["phone"], typed["email"], typed["contact_by"]),
    )

"""``/aduan/``: the form, villages for its script, and the receipt.

Every button posts the whole form: "show villages", "remove file" and "send" differ only in their name, so nothing typed
or uploaded is lost without a script.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.selectors import frame_of
from core.addresses import network_of
from core.models import Region
from workflows.contact import ContactBy, ways_offered
from workflows.form_tokens import BadToken, new_token, read_token
from workflows.forms import ComplaintForm
from workflows.models import ClockCycle, Complaint, PendingUpload
from workflows.points import PointFacts, point_behind
from workflows.selectors import places
from workflows.selectors.complaints import first_event
from workflows.selectors.messengers import kinds_to_offer
from workflows.selectors.offers import Offer, Offered
from workflows.selectors.similar_public import similar_public
from workflows.services import throttles
from workflows.services.contact import require_way
from workflows.services.files import discard_upload, keep_uploads, pending_of
from workflows.services.filing import Draft, Receipt, form_key_of
from workflows.services.identity import Identity
from workflows.services.intake.accepting import accept
from workflows.services.intake.arrivals import Arrival
from workflows.states import Channel
from workflows.views.asking import Asking
from workflows.views.citizens import give_receipt, given_receipt, hide_receipt, private, region_of
from workflows.views.guarding import FilingGuard

FORM_PAGE = "workflows/complaint_form.html"


@dataclass
class Filing:
    """One request to the form: where, when, under which token, with which files."""

    request: HttpRequest
    offered: Offered
    offer: Offer
    now: datetime
    token: str
    secret: str
    is_stale: bool = False
    refused: list[str] = field(default_factory=list)
    _asking: Asking | None = None

    @property
    def region(self) -> Region:
        return self.offer.region

    @cached_property
    def point(self) -> PointFacts:
        """The service point whose poster led here; what a browser sends is looked up again each time."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return point_behind(given.get("point" if self.request.method == "POST" else "titik", ""), self.region.pk)

    def asking(self, typed: Mapping[str, Any]) -> Asking:
        """What the topic asks; looked up once per request."""
        if self._asking is None:
            self._asking = Asking(self.region, typed, self.offer.topics)
        return self._asking

    @property
    def asked(self) -> str:
        version = self._asking.version if self._asking else None
        return str(version.pk) if version else ""

    @property
    def form_key(self) -> str:
        return form_key_of(self.secret)

    @cached_property
    def guard(self) -> FilingGuard:
        return FilingGuard(self.request, self.form_key, self.now)

    @property
    def kept(self) -> list[PendingUpload]:
        """Files that wait for this form; nearly no form has any."""
        return pending_of(self.form_key) if self.offered.has_files else []


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_new(request: HttpRequest) -> HttpResponse:
    """The form; a post with another button than "send" shows it again with everything kept."""
    filing = _filing(request)
    if request.method != "POST":
        return _page(filing, _form(filing, initial=_initial(filing)))
    _take_files(filing)
    if "remove" in request.POST:
        discard_upload(form_key=filing.form_key, key=request.POST["remove"])
    if "send" not in request.POST or filing.is_stale:
        return _page(filing, _form(filing, initial=request.POST.dict()))
    return _send(filing)


def _filing(request: HttpRequest) -> Filing:
    """Raises ``Http404`` on an installation without a region."""
    is_stale, token = False, request.POST.get("token", "")
    try:
        secret = read_token(token)
    except BadToken:
        is_stale, token = request.method == "POST", new_token()
        secret = read_token(token)
    offered = Offered(frame_of(request).region_id, form_key_of(secret))
    if offered.offer is None:
        raise Http404
    return Filing(request, offered, offered.offer, timezone.now(), token, secret, is_stale)


def _take_files(filing: Filing) -> None:
    """Keep what is good, whatever else is wrong with the form."""
    files = filing.request.FILES.getlist("files")
    if not files:
        return
    network = network_of(filing.request)
    if not throttles.take(throttles.UPLOAD_NETWORK, network, filing.now):
        filing.refused = [_("Too many files from your network. Please try again in an hour.")]
        return
    filing.offered.has_files = True
    _kept, filing.refused = keep_uploads(form_key=filing.form_key, files=files, now=filing.now)


def _send(filing: Filing) -> HttpResponse:
    form = _form(filing, data=filing.request.POST)
    if not form.errors and not filing.refused and (again := _look_first(filing, form)):
        return again
    if form.errors or filing.refused or not _is_connected(filing, form):
        return _page(filing, form)
    arrival = Arrival(
        region=filing.region,
        draft=_draft(filing, form.cleaned_data),
        token=filing.secret,
        uploads=filing.kept,
        admit=partial(
            throttles.admit,
            throttles.FILE_NETWORK,
            network_of(filing.request),
            filing.now,
            is_proven=filing.guard.is_proven,
        ),
    )
    try:
        # Only what an officer typed in can be held; this is filed.
        filed = cast(Receipt, accept(arrival, now=filing.now).receipt)
    except throttles.ProofRequired as required:
        return filing.guard.one_moment(required.excess, filing.kept)
    except throttles.TooMany:
        form.add_error(None, _("Too many reports from your network. Please try again in an hour."))
        return _page(filing, form)
    return give_receipt(redirect("workflows:receipt"), filed, filing.now)


def _is_connected(filing: Filing, form: ComplaintForm) -> bool:
    """Whether the chosen way of contact can deliver; a messenger may have gone since the form was shown."""
    way = form.cleaned_data["contact_by"]
    try:
        require_way(filing.region.pk, way or ContactBy.NONE)
    except ValidationError as problem:
        form.add_error(None, problem)
    return not form.errors


def _look_first(filing: Filing, form: ComplaintForm) -> HttpResponse | None:
    """The form once more, everything kept, when its topic asks something or a neighbour has reported the same."""
    if not filing.asking(form.data).was_asked:
        return _page(filing, _form(filing, initial=filing.request.POST.dict()), has_more=True)
    if "seen" in filing.request.POST:
        return None
    typed, category = form.cleaned_data, filing.asking(form.data).category
    words = {"title": typed["title"], "body": typed["body"], "category_id": category.pk if category else None}
    similar = similar_public(filing.region, **words)
    return _page(filing, form, similar=similar) if similar else None


def _form(filing: Filing, **kwargs: Any) -> ComplaintForm:
    today = filing.now.astimezone(filing.region.zone).date()
    typed = kwargs.get("data") or kwargs.get("initial") or {}
    choices = {
        **filing.offered.choices(filing.region, today),
        "village": places.villages_of(filing.region, typed.get("district", "")),
    }
    form = ComplaintForm(choices=choices, today=today, label_suffix="", **kwargs)
    filing.asking(typed).add_to(form)
    return form


def _initial(filing: Filing) -> dict[str, str]:
    """What the link already knows: a service, an agency, or the poster of a service point."""
    query = filing.request.GET
    about = f"s{query['layanan']}" if "layanan" in query else f"a{query['opd']}" if "opd" in query else ""
    return {"klass": "complaint", "about": about or filing.point.about}


def _draft(filing: Filing, typed: dict[str, Any]) -> Draft:
    """The validated form as the service takes it; every id is looked up inside the region."""
    point = filing.point
    service, agency = filing.offer.subject(typed["about"] or point.about)
    return Draft(
        title=typed["title"],
        body=typed["body"],
        klass=typed["klass"],
        **filing.asking(typed).draft_values(typed),
        service=service,
        agency_hint=agency,
        service_point_code=point.code,
        district=filing.offer.districts.get(typed["district"]),
        village=places.village_for(typed["village"], typed["district"]),
        place=typed["place"],
        incident_on=typed["incident_on"],
        channel=Channel.QR if point.code else Channel.WEB,
        is_anonymous=typed["is_anonymous"],
        is_confidential=typed["is_confidential"],
        identity=Identity(typed["name"], typed["phone"], typed["email"], typed["contact_by"]),
        language=get_language() or "id",
    )


def _page(filing: Filing, form: ComplaintForm, **shown: Any) -> HttpResponse:
    form.offer_ways(ways_offered(kinds_to_offer(filing.region.pk)))
    context = {
        "form": form,
        "token": filing.token,
        "kept": filing.kept,
        "refused": filing.refused,
        "is_stale": filing.is_stale,
        "point": filing.point,
        "region": filing.region,
        "asked": filing.asked,
        **shown,
    }
    has_problem = bool(form.errors or filing.refused or filing.is_stale)
    return render(filing.request, FORM_PAGE, context, status=422 if has_problem else 200)


@require_safe
def villages(request: HttpRequest) -> JsonResponse:
    """Villages of one district for the form's script: ``[["id", "Desa Tunjung"], …]``."""
    options = places.villages_of(region_of(request), request.GET.get("kecamatan", ""))
    response = JsonResponse({"options": options})
    response["Cache-Control"] = "public, max-age=86400"
    return response


@private
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and secret code, in this browser and for half an hour; a button hides them earlier."""
    if request.method == "POST":
        return hide_receipt(redirect("workflows:track"))
    facts = given_receipt(request, timezone.now())
    if facts is None:
        return render(request, "workflows/receipt_gone.html", status=410)
    complaint = Complaint.objects.select_related("region").get(pk=facts["id"])
    clocks = {clock.kind: clock.due_at for clock in ClockCycle.objects.filter(complaint=complaint)}
    context = {
        "receipt": Receipt(complaint, facts["code"]),
        "complaint": complaint,
        "clocks": clocks,
        "filed": first_event(complaint),
        "proofs": settings.BASE_URL + reverse("workflows:proofs"),
    }
    return render(request, "workflows/receipt.html", context)

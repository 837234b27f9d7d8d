"""Smaller buttons of the reporter's own page: stars, more privacy, messages, dossier; all under the case's grant."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflows.actors import ReporterGrant
from workflows.contact import ContactBy, ways_offered
from workflows.models import Complaint
from workflows.reporter_forms import ContactForm, HideForm, RatingForm
from workflows.selectors.aftercare import addresses_on_file, aftercare_of, reporters_address
from workflows.selectors.messengers import sending_kinds
from workflows.services import throttles
from workflows.services.contact import choose_contact
from workflows.services.dossier import dossier_zip
from workflows.services.merged import followed_by
from workflows.services.privacy import choose_mail, hide_more
from workflows.services.satisfaction import rate_case
from workflows.services.steps import MoveNotAllowed
from workflows.views.citizens import grant_of, private

Action = Callable[[HttpRequest, ReporterGrant, datetime], HttpResponse]


def own_case(view: Action) -> Callable[[HttpRequest], HttpResponse]:
    """Only for who has opened a case in this browser; what cannot be done is said on the case's page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        grant = grant_of(request, now)
        if grant is None:
            return redirect("workflows:track")
        if throttles.is_over(throttles.WRITE_CASE, str(grant.complaint_id), now):
            return _say(request, _("Too many messages. Please try again in an hour."))
        throttles.count(throttles.WRITE_CASE, str(grant.complaint_id), now)
        try:
            return view(request, grant, now)
        except ValidationError as error:
            return _say(request, " ".join(error.messages))
        except (MoveNotAllowed, PermissionDenied):
            return _say(request, _("This is not possible at this stage of your case."))

    return guarded


def _say(request: HttpRequest, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return redirect("workflows:case")


@private
@require_POST
@own_case
def rate(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """Stars and two questions; an incomplete form comes back with what was chosen."""
    form = RatingForm(request.POST, label_suffix="")
    if not form.is_valid():
        return render(request, "workflows/rate.html", {"form": form}, status=422)
    rate_case(complaint_id=grant.complaint_id, actor=grant, now=now, **form.cleaned_data)
    messages.success(request, _("Thank you. Your rating is part of the published numbers."))
    return redirect("workflows:case")


@private
@require_POST
@own_case
def hide(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """Hide the name, the content or both from now on."""
    form = HideForm(request.POST)
    if form.is_valid():
        hide_more(complaint_id=grant.complaint_id, actor=grant, now=now, **form.cleaned_data)
        messages.success(request, _("Done. It holds at once, everywhere."))
    return redirect("workflows:case")


@private
@require_POST
@own_case
def mail(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """Get news of this case, or not."""
    choose_mail(complaint_id=grant.complaint_id, actor=grant, wanted=request.POST.get("wanted") == "1", now=now)
    messages.success(request, _("Done. You can change this at any time."))
    return redirect("workflows:case")


@private
@require_http_methods(["GET", "HEAD", "POST"])
@own_case
def contact(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """Choose by which way and where news of this case goes, or that none is sent."""
    complaint = Complaint.objects.select_related("reporter", "region").get(pk=grant.complaint_id)
    ways = ways_offered(sending_kinds(complaint.region_id))
    way, _address = reporters_address(complaint)
    form = ContactForm(request.POST or None, ways=ways, initial={"contact_by": way or ContactBy.NONE}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        way = form.cleaned_data["contact_by"]
        try:
            choose_contact(complaint_id=grant.complaint_id, actor=grant, way=way, address=form.address, now=now)
        except ValidationError as problem:
            form.add_error(form.address_name if problem.code == "address" else None, problem)
        else:
            messages.success(request, _("Done. You can change this at any time."))
            return redirect("workflows:case")
    context = {"form": form, "complaint": complaint, "on_file": addresses_on_file(complaint.reporter)}
    return render(request, "workflows/contact.html", context, status=422 if form.errors else 200)


@private
@require_safe
@own_case
def dossier(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """The dossier for the Ombudsman, once it is offered."""
    related = ("region", "current_agency", "category", "service", "reporter")
    complaint = Complaint.objects.select_related(*related).get(pk=grant.complaint_id)
    followed = followed_by(complaint)
    in_time = followed is not None and followed.is_in_time(now)
    if not aftercare_of(complaint, now, is_in_time=in_time).has_dossier:
        raise Http404
    response = HttpResponse(dossier_zip(complaint, now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{complaint.reference}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

"""``/aduan/lacak/tenggat/``: why this date, for the reporter of the case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflows.models import Complaint
from workflows.selectors.dates import told_clocks
from workflows.views.citizens import close_grant, grant_of, private


@private
@require_safe
def why_this_date(request: HttpRequest) -> HttpResponse:
    """Every day that counts and every day that does not, with its source."""
    now = timezone.now()
    grant = grant_of(request, now)
    if grant is None:
        close_grant(request)
        return redirect("workflows:track")
    complaint = Complaint.objects.select_related("region").get(pk=grant.complaint_id)
    clocks = told_clocks(complaint, now, for_citizen=True)
    return render(request, "workflows/why_this_date.html", {"complaint": complaint, "clocks": clocks})

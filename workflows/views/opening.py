"""``/aduan/lacak/buka/…``: the page behind a letter's link. Nothing changes by GET."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from workflows.services.opening import open_by_link, read_link
from workflows.views.citizens import open_grant, private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest, token: str) -> HttpResponse:
    """A button, and by it the case. A link that is used or too old is no error: logs would keep its address."""
    now = timezone.now()
    if request.method == "POST":
        case = open_by_link(token=token, now=now)
        if case is not None:
            open_grant(request, case.pk, now)
            return redirect("workflows:case")
    return render(request, "workflows/open_case.html", {"is_good": read_link(token) is not None})

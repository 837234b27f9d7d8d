"""``/aduan/bukti/``: the published roots, by which a reporter's fingerprint can be checked without trusting us."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.models import ChainCheck, ChainRoot
from workflows.services.proofs import day_hashes

SHOWN = 60


@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    """The last days' roots, how to check them, and when the last check ran."""
    context = {"roots": ChainRoot.objects.all()[:SHOWN], "check": ChainCheck.objects.first()}
    return render(request, "workflows/proofs.html", context)


@require_safe
def proof_of_day(request: HttpRequest, day: str) -> HttpResponse:
    """The list behind a root: the root before, then the day's hashes. They tell nothing about any case."""
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    roots = list(ChainRoot.objects.filter(day__lte=on)[:2])
    if not roots or roots[0].day != on:
        raise Http404
    before = roots[1].root if len(roots) > 1 else ""
    return HttpResponse("\n".join([before, *day_hashes(roots[0])]), content_type="text/plain; charset=utf-8")

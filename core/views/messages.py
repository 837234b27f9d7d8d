"""Stop or confirm messages by a link. Nothing changes by GET: mail scanners fetch every link they find."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.services.messages import confirm_address, stop_messages
from core.stops import Stop, read_token


# A mail program's own button sends one POST without cookies (RFC 8058); all it can do is stop messages.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of message to one address."""
    return _page(request, token, stop_messages, "core/messages/stop.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say that an address is one's own, so that it gets every message at once."""
    return _page(request, token, confirm_address, "core/messages/confirm.html")


def _page(request: HttpRequest, token: str, act: Callable[..., None], template: str) -> HttpResponse:
    subject = read_token(token)
    if subject is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        act(subject=Stop(*subject), now=timezone.now())
    response = render(request, template, {"is_done": is_done})
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response

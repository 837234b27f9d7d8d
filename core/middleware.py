"""Second factor for staff, a page for what took too long, and answers that are light on a phone's connection."""

import logging
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

logger = logging.getLogger(__name__)

# The code of PostgreSQL for a statement that was given up, by its time limit or by an administrator.
QUERY_CANCELED = "57014"
RETRY_AFTER = 30


class RequireSecondFactorMiddleware:
    """Active where ``REQUIRE_SECOND_FACTOR`` is set; guards every path under the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_enrol(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    @staticmethod
    def _must_enrol(request: HttpRequest) -> bool:
        if not settings.REQUIRE_SECOND_FACTOR:
            return False
        in_admin = request.path.startswith(reverse("wagtailadmin_home"))
        return in_admin and request.user.is_authenticated and not is_mfa_enabled(request.user)


class TooBroadMiddleware:
    """What asked more than a page may ask (``WEB_STATEMENT_SECONDS``) gets a page that says how to ask for less.

    The page needs neither the database nor the person; nothing of the statement is told or logged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not (isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED):
            return None
        match = request.resolver_match
        logger.error("A statement took too long and was given up: %s", match.view_name if match else "")
        home = reverse("wagtailadmin_home")
        back = home if request.path.startswith(home) else "/"
        context = {"back": back, "was_sent": request.method not in ("GET", "HEAD")}
        return HttpResponse(
            render_to_string("503.html", context),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
        )


class CompressTextMiddleware(GZipMiddleware):
    """Compress pages and data, not photos and PDFs, which are compressed already.

    Django pads each answer with random bytes, so that its length tells nothing about a token inside.
    """

    TYPES = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(self.TYPES):
            return response
        return super().process_response(request, response)

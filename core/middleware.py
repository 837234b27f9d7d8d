"""Second factor for staff, and answers that are light on a phone's connection."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse


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


class CompressTextMiddleware(GZipMiddleware):
    """Compress pages and data, not photos and PDFs, which are compressed already.

    Django pads each answer with random bytes, so that its length tells nothing about a token inside.
    """

    TYPES = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(self.TYPES):
            return response
        return super().process_response(request, response)

"""Second factor: staff without one are sent to enrol before they reach the admin."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
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

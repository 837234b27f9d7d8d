"""Response policies that differ between the public site and Wagtail's own screens."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Wagtail's page editor writes inline styles, its date pickers and InlinePanel inline scripts.
# Everything public, and login, stays under the strict policy of the settings.
STAFF_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}


class StaffPolicyMiddleware:
    """Relax the Content-Security-Policy under the admin, and forbid caching of its answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("wagtailadmin_home")):
            response._csp_replace = STAFF_POLICY  # type: ignore[attr-defined]
        return response

"""Response policies that differ between the public site and Wagtail's own screens."""

from collections.abc import Callable

from csp.constants import HEADER, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

# Wagtail's page editor writes inline styles, its date pickers and InlinePanel inline scripts.
# Everything public, and login, stays under the strict policy of the settings.
STAFF_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# What ``StaffPolicyMiddleware`` leaves at an answer.
FOR_STAFF = {"_csp_replace": STAFF_POLICY}


class ContentPolicyMiddleware(CSPMiddleware):
    """Builds the two usual policies once; only an answer that asks for another one is worth building it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        super().__init__(get_response)
        self._public, self._staff = build_policy(), build_policy(replace=STAFF_POLICY)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        asked = {name: value for name, value in vars(response).items() if name.startswith("_csp")}
        if hasattr(request, "_csp_nonce") or asked not in ({}, FOR_STAFF):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._staff if asked else self._public)
        return response


class StaffPolicyMiddleware:
    """Relax the Content-Security-Policy under the admin, and forbid caching of its answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("wagtailadmin_home")):
            response._csp_replace = STAFF_POLICY  # type: ignore[attr-defined]
        return response

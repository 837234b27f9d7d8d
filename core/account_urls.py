"""Sign-in pages. What staff do not need answers 404, whatever a package adds later.

The names stay, because allauth's templates and views reverse them.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path


def closed(request: HttpRequest, **kwargs: Any) -> None:
    """Accounts and addresses are kept by the administrator of the region."""
    raise Http404


urlpatterns = [
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("password/set/", closed, name="account_set_password"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed, name="account_confirm_email"),
    path("", include("allauth.urls")),
]

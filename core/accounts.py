"""How staff accounts differ from allauth's defaults: no sign-up, enrolment without a second login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# Published in the README: accounts made by ``load_demo`` have it, a check refuses it in production.
DEMO_PASSWORD = "suara-demo-2026"  # noqa: S105  no secret


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by a regional administrator, never by a visitor."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Somebody sent to enrol has just signed in; a second password prompt there looks like an error.
        if not is_mfa_enabled(self.request.user):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Demo accounts, whose password is published, do not work where real people work."""
        if user.is_demo and not settings.DEMO_ACCOUNTS_ALLOWED:
            return redirect("account_inactive")
        return super().pre_login(request, user, **kwargs)

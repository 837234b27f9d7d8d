"""How staff accounts differ from allauth's defaults: no sign-up, enrolment without a second login, asking again."""

import time
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# Published in the README: accounts made by ``load_demo`` have it, a check refuses it in production.
DEMO_PASSWORD = "suara-demo-2026"  # noqa: S105  no secret

# Long enough to fill in a form, too short for a screen somebody left open.
IDENTITY_KEPT = timedelta(minutes=10)


def confirm_identity(request: HttpRequest) -> None:
    """Ask for password or second factor again unless the person signed in or was asked a short while ago.

    For what cannot be undone or taken back: erasing, personal data leaving the system. Raises
    ReauthenticationRequired; allauth's middleware then asks and repeats the request as it was sent.
    """
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0.0)
    # Who has neither (a provider signs them in) can only be asked by signing in anew.
    can_be_asked = get_adapter().get_reauthentication_methods(request.user)
    if can_be_asked and time.time() - newest >= IDENTITY_KEPT.total_seconds():
        raise ReauthenticationRequired


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

"""How staff accounts differ from allauth's defaults: no sign-up, enrolment without a second login."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from core.models import User

# Published in the README: accounts made by ``load_demo`` have it, a check refuses it in production.
DEMO_PASSWORD = "suara-demo-2026"  # noqa: S105  no secret


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by a regional administrator, never by a visitor."""
        return False

    def is_reauthentication_required(self, user: User) -> bool:
        # Somebody sent to enrol has just signed in; a second password prompt there looks like an error.
        if not is_mfa_enabled(user):
            return False
        return super().is_reauthentication_required(user)

"""A session with the note of a sign-in that a real one leaves; ``force_login`` leaves none."""

from types import SimpleNamespace

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication


def sign_in(client, person, *, minutes_ago=0):
    client.force_login(person)
    session = client.session
    record_authentication(SimpleNamespace(session=session), person, "password")
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 60 * minutes_ago
    session.save()

"""Links in a message by which its recipient stops or confirms without signing in; they name no address.

Covers making and reading the tokens (signed, for one address, kind and subject). Leaves out the pages behind them.
"""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "core.stops"


class Stop(NamedTuple):
    recipient_hash: str
    purpose: str
    about: str


def token_of(stop: Stop) -> str:
    return signing.dumps(list(stop), salt=SALT)


def read_token(token: str) -> Stop | None:
    """What a token stands for; None for one that is not ours."""
    try:
        return Stop(*signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def stop_url(stop: Stop) -> str:
    return settings.BASE_URL + reverse("core:stop", args=[token_of(stop)])


def confirm_url(stop: Stop) -> str:
    return settings.BASE_URL + reverse("core:confirm_address", args=[token_of(stop)])

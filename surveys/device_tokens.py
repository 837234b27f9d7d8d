"""What an enrolled device carries: the form token its answers are given under, and its own key.

Covers: which questionnaire version, service point and kind of device a kept answer belongs to, and when the form was
handed out. Leaves out: the idempotency key of an answer (the device makes one per answer) and who answered.

A form token stays valid as long as answers may wait on a device; how late an answer arrived is a flag, not a refusal.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from surveys.tokens import BadToken

SALT = "surveys.device-form.v1"
# An answer given while the survey was open still counts when it arrives this long after closing.
OFFLINE_GRACE = timedelta(days=7)
TOKEN_PURPOSE, CODE_PURPOSE = "surveys.device-token", "surveys.device-code"
CODE_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DeviceForm:
    """The form of one version at one point, as handed to a device; ``issued_at`` is aware, whole seconds."""

    version_id: int
    point_id: int
    kind: str
    issued_at: datetime

    def __str__(self) -> str:
        parts = [self.version_id, self.point_id, self.kind, int(self.issued_at.timestamp())]
        return signing.Signer(salt=SALT).sign_object(parts)


def read_form(text: object) -> DeviceForm:
    """The form behind a sent text. Raises BadToken."""
    if not isinstance(text, str):
        raise BadToken("no text")
    try:
        version_id, point_id, kind, issued = signing.Signer(salt=SALT).unsign_object(text)
        return DeviceForm(int(version_id), int(point_id), str(kind), datetime.fromtimestamp(issued, UTC))
    # Only our own signed lists pass; anything else is one refusal.
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken(text[:20]) from error


def new_secret() -> str:
    """256 random bits, url-safe."""
    return secrets.token_urlsafe(32)


def device_token(device_id: int, secret: str) -> str:
    return f"{device_id}.{secret}"


def split_token(text: str) -> tuple[int, str]:
    """Number and secret of a device. Raises BadToken."""
    number, _dot, secret = text.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 16 and secret):
        raise BadToken(text[:4])
    return int(number), secret

"""The form token: what a form was shown as, signed, so that showing it needs neither a cookie nor a row.

Covers: which questionnaire version and service point the form was shown under, the idempotency key of the answer it
will become, when it was shown, and the digest of a visit slip where one was scanned. Leaves out: who fills it in.
Nobody's name, address or session is in it, so a kept copy of the page tells nothing about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.core import signing

SALT = "surveys.form.v1"
LIFETIME = timedelta(hours=24)


class BadToken(ValueError):
    """Not signed by us, or changed."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """``point_id`` is 0 for a form opened by link; ``shown_at`` is an aware moment, whole seconds; ``visit`` is empty
    without a slip."""

    version_id: int
    point_id: int
    key: UUID
    shown_at: datetime
    visit: str = ""

    def __str__(self) -> str:
        parts = [self.version_id, self.point_id, self.key.hex, int(self.shown_at.timestamp())]
        parts += [self.visit] if self.visit else []
        return signing.Signer(salt=SALT).sign_object(parts)

    @property
    def bound(self) -> list[str | int]:
        """What a challenge for this form is made for: its version, its place and its key."""
        return ["surveys", self.version_id, self.point_id, self.key.hex]

    def is_expired(self, now: datetime) -> bool:
        return now - self.shown_at > LIFETIME


def new_token(*, version_id: int, point_id: int, now: datetime, key: UUID | None = None, visit: str = "") -> FormToken:
    """A token for a form shown now; with ``key`` the answer stays the same one."""
    return FormToken(version_id, point_id, key or uuid4(), now, visit)


def read_token(text: str) -> FormToken:
    """The token behind a posted text. Raises BadToken."""
    try:
        version_id, point_id, key, shown, *visit = signing.Signer(salt=SALT).unsign_object(text)
        return FormToken(int(version_id), int(point_id), UUID(key), datetime.fromtimestamp(shown, UTC), *visit)
    # Only our own signed lists pass; anything else is one refusal.
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken(text[:20]) from error

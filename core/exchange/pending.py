"""An uploaded file between its preview and its confirmation.

The file lies in private storage under a random name; the page carries a signed token with the
name and the person, so that nobody else's file can be confirmed and nothing grows in sessions.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from core.models import User

FOLDER = "imports"
SALT = "core.exchange.pending"
KEPT_FOR = timedelta(hours=2)


@dataclass(frozen=True)
class PendingImport:
    """Where the file is, whose it is and how it is to be imported."""

    name: str
    user_id: int
    what: str
    region_id: int
    renamed_on: str = ""

    @property
    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)

    def read(self) -> bytes:
        """Raises ``FileNotFoundError`` when the file was confirmed or swept meanwhile."""
        with storages["private"].open(self.name) as file:
            return file.read()

    def discard(self) -> None:
        storages["private"].delete(self.name)


def keep(content: bytes, *, user: User, what: str, region_id: int, renamed_on: str = "") -> PendingImport:
    """Store an uploaded file for its confirmation."""
    sweep(timezone.now())
    name = storages["private"].save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(content))
    return PendingImport(name, user.pk, what, region_id, renamed_on)


def from_token(token: str, *, user: User, what: str) -> PendingImport | None:
    """The pending import of this person, or ``None`` for a forged, foreign or old token."""
    try:
        pending = PendingImport(**signing.loads(token, salt=SALT, max_age=KEPT_FOR))
    except (signing.BadSignature, TypeError):
        return None
    return pending if (pending.user_id, pending.what) == (user.pk, what) else None


def sweep(now: datetime) -> None:
    """Delete files nobody confirmed in time."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return
    for name in storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if storage.get_modified_time(path) < now - KEPT_FOR:
            storage.delete(path)

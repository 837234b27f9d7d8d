"""The outbox: tell somebody, in the transaction of what is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.bulk import insert_rows
from core.models import Notification
from core.sealing import keyed_hash, open_recipient
from core.statements import insert

RECIPIENT_PURPOSE = "core.recipient"


def enqueue(template: str, *, to: str, dedupe_key: str, **details: Any) -> None:
    """Queue one message worded by ``templates/emails/<template>.txt``; the same key is queued once (one statement).

    See ``letter`` for the details.
    """
    post([letter(template, to=to, dedupe_key=dedupe_key, **details)])


def post(letters: Iterable[Notification | None]) -> None:
    """Queue several messages (one statement); what has no address is left out, a key queued before is skipped."""
    rows = [row for row in letters if row is not None]
    if rows:
        insert(rows, skip_known=True)


def post_many(letters: Iterable[Notification | None], now: datetime) -> None:
    """The same for thousands whose keys nobody can have queued before; raises ``IntegrityError`` where one was."""
    insert_rows(Notification, [vars(row) | {"created_at": now} for row in letters if row is not None])


def letter(  # noqa: PLR0913  one call makes one row
    template: str,
    *,
    to: str,
    dedupe_key: str,
    context: dict[str, Any] | None = None,
    language: str = "id",
    not_before: datetime | None = None,
    channel: str = Notification.Channel.EMAIL,
    purpose: str = Notification.Purpose.SERVICE,
    about: str = "",
    region_id: int | None = None,
) -> Notification | None:
    """A message not yet queued; None without an address.

    ``context`` holds references and dates only, never text a citizen wrote: a complaint form
    must not become a way to send somebody else's words to a stranger. A ``purpose`` other than ``service`` can be
    stopped by the recipient; ``about`` names the subject ("complaint:12"); ``region_id`` whose wording is used.
    """
    if not to:
        return None
    return Notification(
        template=template,
        recipient=to,
        recipient_hash=address_hash(open_recipient(to)),
        context=context or {},
        language=language,
        not_before=not_before or timezone.now(),
        dedupe_key=dedupe_key,
        channel=channel,
        purpose=purpose,
        about=about,
        region_id=region_id,
    )


def address_hash(address: str) -> str:
    """What is kept of an address to recognise it: a keyed hash of its lower-case form."""
    return keyed_hash(RECIPIENT_PURPOSE, address.strip().lower())

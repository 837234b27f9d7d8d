"""After a backup was put back: what waited to be sent when it was made may have gone out since.

Nobody can tell from the restored rows, so they are held until a person decides: send them, at the risk of telling
somebody twice, or discard them, at the risk of not telling at all. Messages of facts recorded after the restore are new
and not held. Leaves out the restore itself (docs/operations.md).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet

from core.models import Notification

# Nothing is due then; the outbox reads only what is.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
HELD = "restored"


class Held(NamedTuple):
    """Messages of one kind that wait for a decision, and since when the oldest does."""

    template: str
    channel: str
    number: int
    since: datetime


def hold_waiting(now: datetime) -> int:
    """Hold every message not marked as sent that was queued until now; how many."""
    waiting = Notification.objects.filter(sent_at__isnull=True, failed_at__isnull=True, created_at__lte=now)
    return waiting.exclude(last_error=HELD).update(not_before=NEVER, last_error=HELD)


def held_by_kind() -> list[Held]:
    """What a decision is about, without addresses."""
    rows = held().order_by("template", "channel").values("template", "channel")
    return [Held(**row) for row in rows.annotate(number=Count("pk"), since=Min("created_at"))]


def send_held(now: datetime) -> int:
    """Let what is held be sent after all; how many messages."""
    return held().update(not_before=now, last_error="")


def discard_held(now: datetime) -> int:
    """End what is held as not sent; how many messages. The rows stay and say why."""
    return held().update(failed_at=now)


def held() -> QuerySet[Notification]:
    return Notification.objects.filter(last_error=HELD, sent_at__isnull=True, failed_at__isnull=True)

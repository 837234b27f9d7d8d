"""How many messages one address gets from this program, so that no loop of two machines and no flood goes on.

Three an hour and ten a day to one address, five a day about one case; then silence until the window frees. Counted are
messages to citizens, on every channel together. Leaves out what becomes of a message that may not go (``delivery``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from core.models import Notification

# What goes to an address that a citizen gave.
TO_CITIZENS = (Notification.Purpose.CASE, Notification.Purpose.FOLLOW)
DAY = timedelta(days=1)


class Cap(NamedTuple):
    """At most ``most`` in any ``window``; of one subject only, where ``is_per_subject``."""

    most: int
    window: timedelta
    is_per_subject: bool = False

    def frees_at(self, sent: Sequence[datetime]) -> datetime | None:
        """When one more may go after these, newest first; None where nothing stands against it."""
        return sent[self.most - 1] + self.window if len(sent) >= self.most else None


CAPS = (Cap(3, timedelta(hours=1)), Cap(10, DAY), Cap(5, DAY, is_per_subject=True))
LOOKED_AT = max(cap.most for cap in CAPS)


def sent_to(recipient_hash: str, now: datetime) -> list[tuple[datetime, str]]:
    """When and about what an address was written to during the last day, newest first (one query)."""
    rows = Notification.objects.filter(recipient_hash=recipient_hash, purpose__in=TO_CITIZENS, sent_at__gt=now - DAY)
    found = rows.order_by("-sent_at").values_list("sent_at", "about")[:LOOKED_AT]
    return [(at, about) for at, about in found if at]


def free_from(row: Notification, now: datetime) -> datetime | None:
    """When a message may go; None for at once."""
    sent = sent_to(row.recipient_hash, now)
    times = [cap.frees_at([at for at, about in sent if not cap.is_per_subject or about == row.about]) for cap in CAPS]
    return max((at for at in times if at and at > now), default=None)

"""What came in, whatever the way, and how it is filed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.models import Region, User
from workflows.models import HeldEntry, PendingUpload
from workflows.services.filing import Draft, Receipt, submit_complaint


@dataclass(frozen=True, slots=True)
class Arrival:
    """One report, already validated by its channel.

    ``token`` makes a form sent twice one complaint, and the secret code follows from it. ``entered_by`` is the officer
    who types in for somebody; ``received_at`` then lies before, and ``late_reason`` says why. ``facts`` are ids and
    dates that belong to the event of filing, never words.
    """

    region: Region
    draft: Draft
    token: str = ""
    uploads: Sequence[PendingUpload] = ()
    entered_by: User | None = None
    received_at: datetime | None = None
    late_reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    # Counts the sender within the transaction of the filing, and raises to refuse.
    admit: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Either filed, with its receipt, or held for a supervisor."""

    receipt: Receipt | None = None
    held: HeldEntry | None = None


def file_arrival(arrival: Arrival, *, now: datetime) -> Receipt:
    """File without asking how far back it is dated: nobody typed it in, or a supervisor has approved it."""
    return submit_complaint(
        region=arrival.region,
        draft=arrival.draft,
        token=arrival.token,
        uploads=arrival.uploads,
        entered_by=arrival.entered_by,
        received_at=arrival.received_at,
        facts=arrival.facts,
        admit=arrival.admit,
        now=now,
    )

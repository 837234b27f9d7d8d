"""The one door: every channel hands its ``Arrival`` to ``accept``."""

from datetime import datetime

from django.utils import timezone

from workflows.selectors.backdating import Backdating, backdating_of
from workflows.services.intake.arrivals import Accepted, Arrival, file_arrival
from workflows.services.intake.held import hold_entry


def accept(arrival: Arrival, *, now: datetime | None = None) -> Accepted:
    """File what arrived; an entry dated back beyond the desk's limit waits for a supervisor instead.

    The same token accepted twice gives the same answer. Raises ``ValidationError`` when such an entry has no reason.
    """
    at = now or timezone.now()
    if arrival.entered_by is not None and _backdating(arrival, at).is_beyond:
        return Accepted(held=hold_entry(arrival, now=at))
    return Accepted(receipt=file_arrival(arrival, now=at))


def _backdating(arrival: Arrival, now: datetime) -> Backdating:
    return backdating_of(arrival.region, arrival.received_at or now, now)

"""Keeping cases for a review by somebody who did not handle them; looking at them is ``services.samples``."""

from core.statements import insert
from workflows.models import Cause, Complaint, ComplaintEvent, SampledCase
from workflows.sampling import SHARE, is_drawn
from workflows.services.clocks import desk_behind


def share_of(complaint: Complaint) -> int:
    """Per cent of the closed cases the region looks at again; it goes into the closing event."""
    return desk_behind(complaint).sample_percent


def draw(event: ComplaintEvent) -> None:
    """Keep a case for review if its closing event is drawn (no statement otherwise)."""
    if is_drawn(event.hash, event.data[SHARE]):
        _keep(event.complaint, Cause.LOT, event)


def keep_repeated(event: ComplaintEvent) -> None:
    """Keep a case for review because its answer repeats others; a part counts for the case it belongs to."""
    complaint = event.complaint
    whole = Complaint.objects.get(parts__part=complaint) if complaint.is_part else complaint
    _keep(whole, Cause.REPEATED, event)


def _keep(complaint: Complaint, cause: Cause, event: ComplaintEvent) -> None:
    row = SampledCase(complaint=complaint, cycle=complaint.cycle, cause=cause, at=event.at)
    # Once per cycle, whatever the cause.
    insert([row], skip_known=True)

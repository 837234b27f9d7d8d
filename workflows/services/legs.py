"""Open and end the leg of an agency, together with its clock."""

from datetime import datetime
from typing import Any

from core.models import Agency
from core.statements import insert, update
from workflows.models import Complaint, Leg
from workflows.services import clocks
from workflows.services.clocks import Clock
from workflows.states import Reason


def open_leg(complaint: Complaint, agency: Agency, at: datetime, *, is_binding: bool) -> Leg:
    """Hand the case to an agency and start its clock."""
    leg = Leg(complaint=complaint, agency=agency, forwarded_at=at, is_binding=is_binding)
    clocks.start(complaint, Clock.LEG, at, leg)
    insert([leg])
    return leg


def open_leg_of(complaint: Complaint) -> Leg | None:
    """The forwarding that is not over; its clock brings it along."""
    if complaint.current_agency_id is None:
        return None
    found = next((clock.leg for clock in clocks.running(complaint) if clock.leg), None)
    return found or Leg.objects.filter(complaint=complaint, returned_at__isnull=True, answered_at__isnull=True).first()


def mark_accepted(complaint: Complaint, at: datetime) -> None:
    leg = open_leg_of(complaint)
    if leg is not None:
        _change(leg, accepted_at=at)


def end_leg(complaint: Complaint, at: datetime, *, answered: bool = False, reason: str = "") -> None:
    """End the open leg, if there is one, as answered or as returned with a reason."""
    leg = open_leg_of(complaint)
    if leg is None:
        return
    clocks.stop(complaint, {Clock.LEG}, at)
    if answered:
        _change(leg, answered_at=at)
    else:
        _change(leg, returned_at=at, return_reason=reason or Reason.OTHER)


def _change(leg: Leg, **values: Any) -> None:
    for name, value in values.items():
        setattr(leg, name, value)
    update(leg, list(values), {})

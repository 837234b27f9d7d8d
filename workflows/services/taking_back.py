"""The desk takes a case back from an agency: a wrong one, one that was dissolved, or one where nobody works on it."""

from datetime import datetime

from django.db import transaction

from core import notifications
from core.models import User
from workflows.models import Complaint
from workflows.selectors.officers import officers_of
from workflows.services import clocks, legs, notices, parts
from workflows.services.steps import begin, record, require_words
from workflows.states import Action, Reason


@transaction.atomic
def take_back(
    *, complaint_id: int, actor: User, words: str, version: int | None = None, now: datetime | None = None
) -> Complaint:
    """End the agency's leg, which counts as no return of its own, and tell it. The citizen's clock runs on."""
    require_words("words", words)
    step = begin("take_back", complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint, agency = step.complaint, step.complaint.current_agency
    today = step.at.astimezone(complaint.region.zone).date()
    # Nobody is left to be told where the agency was dissolved meanwhile.
    officers = (officers_of(agency, complaint=complaint, on=today) if agency else None) or []
    legs.end_leg(complaint, step.at, reason=Reason.TAKEN_BACK)
    complaint.take_back(at=step.at)
    clocks.set_next_due(complaint)
    if complaint.is_part:
        parts.await_desk(complaint)
    event = record(step, Action.TAKEN_BACK, note=words, agency=agency)
    notifications.post(notices.to_officers(event, "case_taken_back", officers))
    return complaint

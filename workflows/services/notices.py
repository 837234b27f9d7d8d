"""Messages that a move leaves in the outbox: references and dates only, never a word somebody wrote.

The reporter's address stays sealed in the outbox, so that no table shows a mail address beside a case number.
"""

from typing import Any

from core import notifications
from core.models import User
from core.permissions import Role
from core.sealing import SEALED_PREFIX
from workflows.models import Complaint, ComplaintEvent, Reporter


def tell_reporter(event: ComplaintEvent, template: str, **context: Any) -> None:
    """Tell the reporter, where an e-mail address was given, that the case has moved."""
    reporter = Reporter.objects.filter(complaint=event.complaint_id).exclude(email_sealed="").first()
    if reporter is None:
        return
    notifications.enqueue(
        template,
        to=SEALED_PREFIX + reporter.email_sealed,
        dedupe_key=_key(event, template, "reporter"),
        context={"reference": event.complaint.reference, **context},
        language=reporter.language,
    )


def tell_officers(event: ComplaintEvent, template: str) -> None:
    """Tell the liaison officers of the agency that now holds the case."""
    complaint: Complaint = event.complaint
    if complaint.current_agency is None:
        return
    for user in _officers_of(complaint):
        notifications.enqueue(
            template,
            to=user.email,
            dedupe_key=_key(event, template, str(user.pk)),
            context={"reference": complaint.reference},
        )


def _officers_of(complaint: Complaint) -> list[User]:
    agency = complaint.current_agency
    officers = User.objects.filter(is_active=True, role_assignments__role=Role.LIAISON, role_assignments__agency=agency)
    return list(officers.exclude(email="").distinct())


def _key(event: ComplaintEvent, template: str, to: str) -> str:
    return f"{template}:{event.complaint_id}:{event.sequence}:{to}"

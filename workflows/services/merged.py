"""What the reporter of a merged case is told of the case it follows: where it stands, and the office's answer.

Nothing of the other report: not its number, not a word of its reporter. The answer is the one a person checked for the
public list, else the office's words with personal data masked; none while the other report is confidential.
"""

from dataclasses import dataclass
from datetime import datetime

from workflows.models import Complaint, PublicEntry
from workflows.services.publicity import proposed_text
from workflows.states import ANSWERED_STATUSES, Status


@dataclass(frozen=True, slots=True)
class Followed:
    """The case that another one follows. ``due_at``: of its answer, while it is open."""

    status: str
    public_status: str
    due_at: datetime | None
    answer: str

    def is_in_time(self, now: datetime) -> bool:
        return self.due_at is not None and now <= self.due_at


def followed_by(complaint: Complaint) -> Followed | None:
    """The case this one was merged with; None for a case of its own (at most four queries)."""
    if complaint.status != Status.DUPLICATE or complaint.parent_id is None:
        return None
    parent = Complaint.objects.select_related("region", "reporter").get(pk=complaint.parent_id)
    due_at = parent.due_at if parent.is_open else None
    return Followed(parent.status, str(parent.public_status), due_at, _answer(parent))


def _answer(parent: Complaint) -> str:
    if parent.is_confidential or parent.status not in ANSWERED_STATUSES:
        return ""
    checked = PublicEntry.objects.published().filter(complaint=parent).first()
    if checked is not None and checked.answer:
        return checked.answer
    return proposed_text(parent).answer if getattr(parent, "reporter", None) else ""

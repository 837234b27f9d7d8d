"""What the case screen shows beside the case: the latest steps, however many there are."""

from workflows.models import AnswerCheck, Complaint, ComplaintEvent
from workflows.replying import TOO_LIKE, TOO_MANY_SAME
from workflows.selectors.complaints import timeline_of

STEPS = 25


def latest_steps(complaint: Complaint, *, before: int | None = None) -> tuple[list[ComplaintEvent], int | None]:
    """The latest steps, oldest first, and from where the earlier ones go on (three queries, whatever the number)."""
    events = timeline_of(complaint, public_only=False)
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.order_by("-sequence")[: STEPS + 1])
    shown = found[:STEPS]
    return shown[::-1], shown[-1].sequence if len(found) > STEPS else None


def doubtful_answers(complaint: Complaint) -> list[AnswerCheck]:
    """Answers that say little of their own, for whoever reviews the case (one query)."""
    checks = AnswerCheck.objects.filter(complaint=complaint).select_related("template").order_by("at")
    return [row for row in checks if row.likeness >= TOO_LIKE or row.same_answers >= TOO_MANY_SAME]

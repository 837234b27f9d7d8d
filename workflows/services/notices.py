"""Messages that a move leaves in the outbox: references and dates only, never a word somebody wrote.

The reporter's address stays sealed in the outbox, so that no table shows a mail address beside a case number.
"""

from collections.abc import Sequence
from typing import Any

from core import notifications
from core.models import Notification, User
from core.sealing import SEALED_PREFIX
from workflows.models import Complaint, ComplaintEvent, Reporter
from workflows.selectors.redating import CaseHead
from workflows.states import MESSAGE_CHANNELS, Status

# Letters that tell of a step which matters to whoever reported the same.
NEWS = ("complaint_moved", "complaint_answered", "complaint_closed", "complaint_extended")


def tell_reporter(event: ComplaintEvent, template: str, **context: Any) -> None:
    """Tell the reporter, by the way chosen for that, that the case has moved (one statement; two if others follow)."""
    notifications.post([to_reporter(event, template, **context), *to_followers(event, template)])


def to_followers(event: ComplaintEvent, template: str) -> list[Notification | None]:
    """Letters to the reporters of cases merged with this one; none of them reads what the other wrote."""
    if template not in NEWS or not getattr(event.complaint, "is_followed", True):
        return []
    merged = Complaint.objects.whole().filter(parent=event.complaint, status=Status.DUPLICATE, reporter__isnull=False)
    told_by = f"followed:{event.complaint_id}:{event.sequence}"
    return [
        to_reporter_of(case, case.reporter, case.version, "complaint_followed", told_by=told_by)
        for case in merged.select_related("reporter").order_by("pk")
    ]


def to_reporter(event: ComplaintEvent, template: str, **context: Any) -> Notification | None:
    """The letter to the reporter; None where nothing to write to was given. A locked case brings its reporter along."""
    reporter = getattr(event.complaint, "reporter", None)
    return to_reporter_of(event.complaint, reporter, event.sequence, template, **context) if reporter else None


def to_reporter_of(
    case: Complaint | CaseHead,
    reporter: Reporter,
    sequence: int,
    template: str,
    told_by: str = "reporter",
    **context: Any,
) -> Notification | None:
    """The same for whoever has no event object at hand, only its number in the case."""
    channel, address = reporter.contact(case.channel)
    if not address:
        return None
    return notifications.letter(
        template,
        to=SEALED_PREFIX + address,
        dedupe_key=_key(case.pk, sequence, template, told_by),
        # The step by which ``correspondence`` finds its words; who reported by a message has no code to look with.
        context={
            "reference": case.reference,
            "step": sequence,
            "by_message": case.channel in MESSAGE_CHANNELS,
            **context,
        },
        language=reporter.language,
        purpose=Notification.Purpose.CASE,
        about=f"complaint:{case.pk}",
        region_id=case.region_id,
        channel=channel,
    )


def to_officers(event: ComplaintEvent, template: str, officers: Sequence[User]) -> list[Notification | None]:
    """A letter to each of these officers."""
    context = {"reference": event.complaint.reference}
    return [
        notifications.letter(
            template,
            to=user.email,
            dedupe_key=_key(event.complaint_id, event.sequence, template, str(user.pk)),
            context=dict(context),
            purpose=Notification.Purpose.WORK,
            region_id=event.complaint.region_id,
        )
        for user in officers
    ]


def _key(case: int, sequence: int, template: str, to: str) -> str:
    return f"{template}:{case}:{sequence}:{to}"

"""Messages that a move leaves in the outbox: references and dates only, never a word somebody wrote.

The reporter's address stays sealed in the outbox, so that no table shows a mail address beside a case number.
"""

from collections.abc import Sequence
from typing import Any

from core import notifications
from core.models import Notification, User
from core.sealing import SEALED_PREFIX
from workflows.models import ComplaintEvent


def tell_reporter(event: ComplaintEvent, template: str, **context: Any) -> None:
    """Tell the reporter, by the way chosen for that, that the case has moved (one statement)."""
    notifications.post([to_reporter(event, template, **context)])


def to_reporter(event: ComplaintEvent, template: str, **context: Any) -> Notification | None:
    """The letter to the reporter; None where nothing to write to was given. A locked case brings its reporter along."""
    reporter = getattr(event.complaint, "reporter", None)
    channel, address = reporter.contact(event.complaint.channel) if reporter else ("", "")
    if not address:
        return None
    return notifications.letter(
        template,
        to=SEALED_PREFIX + address,
        dedupe_key=_key(event, template, "reporter"),
        context={"reference": event.complaint.reference, **context},
        language=reporter.language,
        purpose=Notification.Purpose.CASE,
        about=f"complaint:{event.complaint_id}",
        region_id=event.complaint.region_id,
        channel=channel,
    )


def to_officers(event: ComplaintEvent, template: str, officers: Sequence[User]) -> list[Notification | None]:
    """A letter to each of these officers."""
    context = {"reference": event.complaint.reference}
    return [
        notifications.letter(
            template,
            to=user.email,
            dedupe_key=_key(event, template, str(user.pk)),
            context=dict(context),
            purpose=Notification.Purpose.WORK,
            region_id=event.complaint.region_id,
        )
        for user in officers
    ]


def _key(event: ComplaintEvent, template: str, to: str) -> str:
    return f"{template}:{event.complaint_id}:{event.sequence}:{to}"

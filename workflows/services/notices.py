"""Messages that a move leaves in the outbox: references and dates only, never a word somebody wrote.

The reporter's address stays sealed in the outbox, so that no table shows a mail address beside a case number.
"""

from collections.abc import Sequence
from typing import Any

from core import notifications
from core.models import Notification, User
from core.sealing import SEALED_PREFIX
from workflows.models import ComplaintEvent, Reporter


def tell_reporter(event: ComplaintEvent, template: str, **context: Any) -> None:
    """Tell the reporter, where an e-mail address was given, that the case has moved (one statement)."""
    notifications.post([to_reporter(event, template, **context)])


def to_reporter(event: ComplaintEvent, template: str, **context: Any) -> Notification | None:
    """The letter to the reporter; None where nothing to write to was given. A locked case brings its reporter along."""
    reporter = getattr(event.complaint, "reporter", None)
    channel, address = contact_of(event.complaint.channel, reporter) if reporter else ("", "")
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


def contact_of(came_by: str, reporter: Reporter) -> tuple[str, str]:
    """Channel and sealed address: e-mail where one was given, else the messenger the report came by."""
    if reporter.email_sealed:
        return Notification.Channel.EMAIL, reporter.email_sealed
    messengers = (Notification.Channel.WHATSAPP, Notification.Channel.SMS)
    return (came_by, reporter.phone_sealed) if came_by in messengers else ("", "")


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

"""Words of a reporter that wait until the office reacts, where the case itself waits for nobody there any more.

An answered or ended case has left the office's lists. What its reporter writes then brings it back to the desk's, and
keeps an answered one from being closed by silence. Whoever moves the case or writes to the reporter has reacted, at an
ended one also whoever leaves a note; an answered case then gives its reporter the whole time again.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workflows.actors import ActorKind
from workflows.models import Complaint, ComplaintEvent
from workflows.selectors.queue import WAITED_FOR
from workflows.services import clocks
from workflows.services.clocks import Clock
from workflows.states import Action, Status

# Messages on an ended case until somebody at the desk reacts.
MOST_UNHEARD = 5


def wait_to_be_heard(complaint: Complaint, at: datetime) -> None:
    """Note that the reporter has written. Raises ``ValidationError`` when an ended case has enough that wait."""
    if complaint.is_part or complaint.status not in WAITED_FOR:
        return
    if complaint.is_final and complaint.unheard_since and _waiting(complaint) >= MOST_UNHEARD:
        message = _("Your last messages wait for the complaint desk. Please wait for its answer.")
        raise ValidationError(message, code="too_many")
    complaint.unheard_since = complaint.unheard_since or at


def hear(complaint: Complaint, at: datetime, *, is_public: bool) -> None:
    """Note that the office has reacted by words."""
    if complaint.unheard_since is None or not (is_public or complaint.is_final):
        return
    complaint.unheard_since = None
    if complaint.status == Status.FOLLOWED_UP:
        clocks.stop(complaint, {Clock.CONFIRM}, at)
        clocks.start(complaint, Clock.CONFIRM, at)
        clocks.set_next_due(complaint)


def _waiting(complaint: Complaint) -> int:
    spoken = ComplaintEvent.objects.filter(complaint=complaint, action=Action.MESSAGE, at__gte=complaint.unheard_since)
    return spoken.filter(actor_kind=ActorKind.REPORTER.value).count()

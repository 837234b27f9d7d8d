"""A link in a letter that opens a case once, for whoever reported by a message and was never given a code.

Signed over case, letter and address, good for some days; the number and the code never stand in it. To look at its page
changes nothing, because mail scanners open every link; the button there opens the case and uses the link up.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.db import transaction
from django.urls import reverse

from core.models import Notification
from core.services.messages import confirm_address
from core.stops import Stop
from workflows.models import Complaint, UsedLink
from workflows.selectors.aftercare import reporters_address

SALT = "workflows.open_case"
LINK_LIFE = timedelta(days=7)
ENOUGH = 16


class Link(NamedTuple):
    complaint_id: int
    letter_id: int
    # The beginning of the address's keyed hash, because an SMS is short.
    address: str


def link_of(row: Notification) -> str:
    """The address, without the site, that a letter about a case carries."""
    link = Link(int(row.about.partition(":")[2]), row.pk, row.recipient_hash[:ENOUGH])
    return reverse("workflows:open_case", args=[signing.dumps(list(link), salt=SALT)])


def read_link(token: str) -> Link | None:
    """What a token opens; None for one that is not ours, too old, or used."""
    try:
        link = Link(*signing.loads(token, salt=SALT, max_age=LINK_LIFE))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return None if UsedLink.objects.filter(letter=link.letter_id).exists() else link


@transaction.atomic
def open_by_link(*, token: str, now: datetime) -> Complaint | None:
    """Use a link up, which also shows that the address is its reader's; None where it opens nothing (any more)."""
    link = read_link(token)
    if link is None:
        return None
    _row, is_first = UsedLink.objects.get_or_create(letter=link.letter_id, defaults={"at": now})
    cases = Complaint.objects.select_related("reporter").filter(reporter__erased_at=None)
    case = cases.filter(pk=link.complaint_id).first()
    known = reporters_address(case)[1] if case is not None else ""
    # News may go somewhere else by now; then this address is no longer the reporter's.
    if not is_first or not known or known[:ENOUGH] != link.address:
        return None
    confirm_address(subject=Stop(known, Notification.Purpose.CASE, ""), now=now)
    return case


def forget_links(now: datetime) -> int:
    """Delete what was used so long ago that its link has run out anyway; how many."""
    return UsedLink.objects.filter(at__lt=now - 2 * LINK_LIFE).delete()[0]

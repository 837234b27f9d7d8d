"""Where news of a case goes: chosen at filing, changed by the reporter on the own page, sealed like the name."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import Notification
from core.notifications import address_hash
from core.sealing import seal, unseal
from workflows.contact import MESSENGERS, ContactBy
from workflows.models import Complaint, Reporter
from workflows.permissions import is_reporter
from workflows.selectors.messengers import sending_kinds


@transaction.atomic
def choose_contact(*, complaint_id: int, actor: object, way: str, address: str = "", now: datetime) -> None:
    """Send news of a case by this way from now on, to a new address where one is given.

    What waits for the former address is not sent any more. Nothing is sent by the choice itself, so that nobody can
    make us write to a stranger; a stop that the owner of an address pressed stays.
    Raises ``PermissionDenied``, or ``ValidationError`` for a way without an address or without a gateway that sends.
    """
    complaint = Complaint.objects.get(pk=complaint_id)
    reporter = Reporter.objects.select_for_update().get(complaint=complaint)
    if not is_reporter(complaint, actor) or reporter.erased_at:
        raise PermissionDenied("contact")
    require_way(complaint.region_id, way)
    _channel, before = reporter.contact(complaint.channel)
    if way == ContactBy.EMAIL and address:
        reporter.email_sealed = seal(address)
    if way in MESSENGERS and address:
        reporter.phone_sealed = seal(address)
    if way != ContactBy.NONE and not reporter.sealed_for(way):
        raise ValidationError(_("Please give the address that news should go to."), code="address")
    reporter.contact_by = way
    reporter.save(update_fields=["email_sealed", "phone_sealed", "contact_by"])
    _leave(before, reporter.contact(complaint.channel)[1], complaint.pk, now)


def require_way(region_id: int, way: str) -> None:
    """Raise ``ValidationError`` for a messenger that nobody can send by (one query, none for e-mail)."""
    if way not in ContactBy.values or (way in MESSENGERS and way not in sending_kinds(region_id)):
        raise ValidationError(_("This way is not connected at the moment. Please choose another."), code="way")


def _leave(before: str, after: str, complaint_id: int, now: datetime) -> None:
    """End what waits for an address that is no longer used."""
    if not before or before == after:
        return
    waiting = Notification.objects.filter(
        sent_at__isnull=True, failed_at__isnull=True, about=f"complaint:{complaint_id}"
    )
    own = waiting.filter(purpose=Notification.Purpose.CASE, recipient_hash=address_hash(unseal(before)))
    own.update(failed_at=now, last_error="left")

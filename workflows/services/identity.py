"""The sealed identity of a reporter: written at filing, opened with a reason, each opening logged."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.alarms import tell_administrators
from core.models import User
from core.sealing import seal, unseal
from core.statements import insert
from workflows.acts import Act
from workflows.models import Complaint, IdentityAccess, Reporter
from workflows.permissions import may_act
from workflows.selectors.locking import versioned
from workflows.services.steps import require_words

# Openings per person and day above which the administrators are told.
MOST_OPENINGS = 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filed a case. Never logged, never put in an URL, an event or a message."""

    name: str = ""
    phone: str = ""
    email: str = ""
    # A code of ``workflows.contact.ContactBy``; empty leaves it to what was given.
    contact_by: str = ""


def seal_identity(*, complaint: Complaint, identity: Identity, language: str) -> Reporter:
    """Store what the reporter gave, encrypted; called in the transaction of the filing."""
    reporter = Reporter(
        complaint=complaint,
        name_sealed=seal(identity.name.strip()),
        phone_sealed=seal(identity.phone.strip()),
        email_sealed=seal(identity.email.strip()),
        contact_by=identity.contact_by,
        language=language,
    )
    insert([reporter])
    return reporter


@transaction.atomic
def reveal_identity(*, complaint_id: int, actor: User, reason: str, now: datetime | None = None) -> Identity:
    """Open the sealed identity of a visible case and log who did it and why.

    Raises ``PermissionDenied``, or ``ValidationError`` without a reason in words.
    """
    require_words("reason", reason)
    cases = versioned(Complaint.objects.visible_to(actor).select_related("reporter", "current_agency", "region"))
    complaint = cases.filter(pk=complaint_id).first()
    if complaint is None or not may_act(Act.REVEAL, complaint, actor):
        raise PermissionDenied("reveal")
    reporter: Reporter = complaint.reporter
    at = now or timezone.now()
    IdentityAccess.objects.create(reporter=reporter, user=actor, reason=reason.strip()[:250], at=at)
    _alert(complaint, actor, at)
    return Identity(unseal(reporter.name_sealed), unseal(reporter.phone_sealed), unseal(reporter.email_sealed))


def _alert(complaint: Complaint, actor: User, at: datetime) -> None:
    """Tell the region's administrators, once a day, of somebody who opens many identities."""
    zone = complaint.region.zone
    day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    opened = IdentityAccess.objects.filter(user=actor, at__gte=day)
    if opened.count() <= MOST_OPENINGS:
        return
    context = {"person": actor.name or actor.username, "most": str(MOST_OPENINGS), "day": day.date().isoformat()}
    tell_administrators("many_openings", f"openings:{actor.pk}:{day.date()}", context, complaint.region_id)

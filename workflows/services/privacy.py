"""More privacy after filing: hide the name or the content, name who must not see a case, list what has gone out.

Only ever towards more privacy: a name once hidden stays hidden. Every place asks the case itself or its public entry,
so a change holds at the next request everywhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.models import Agency, MessageStop, Notification, User
from core.services.messages import stop_messages
from core.stops import Stop
from workflows.actors import SYSTEM
from workflows.acts import Act
from workflows.models import Complaint, ConflictOfInterest, PublicEntry
from workflows.permissions import is_reporter
from workflows.selectors.aftercare import reporters_address
from workflows.selectors.parts import lock_parts
from workflows.services.steps import Step, begin_act, lock, record
from workflows.states import Action


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that had left before; it cannot be called back."""

    template: str
    sent_at: datetime


@transaction.atomic
def hide_more(
    *,
    complaint_id: int,
    actor: object,
    name: bool = False,
    content: bool = False,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Hide the reporter's name from the office, the content from the public, or both. What is hidden stays hidden.

    Raises ``PermissionDenied``, ``MoveNotAllowed``, or ``ValidationError`` when nothing would change.
    """
    parts = lock_parts(complaint_id)
    step = begin_act(Act.HIDE, complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    name, content = name and not complaint.is_anonymous, content and not complaint.is_confidential
    if not (name or content):
        raise ValidationError(_("This is hidden already."), code="nothing")
    complaint.is_anonymous, complaint.is_confidential = (
        complaint.is_anonymous or name,
        complaint.is_confidential or content,
    )
    if content:
        take_down(complaint, step.at)
    changed = [key for key, value in (("name", name), ("content", content)) if value]
    record(step, Action.PRIVACY_CHANGED, hidden=changed)
    for part in parts:
        _hide_too(part.pk, complaint, step.at, changed)
    return complaint


def _hide_too(part_id: int, whole: Complaint, at: datetime, changed: list[str]) -> None:
    """What is hidden of a case is hidden of its parts."""
    part = lock(part_id)
    part.is_anonymous, part.is_confidential = whole.is_anonymous, whole.is_confidential
    record(Step(part, SYSTEM, at, part.status), Action.PRIVACY_CHANGED, is_public=False, hidden=changed)


def take_down(complaint: Complaint, at: datetime) -> None:
    """Take a case out of the public list, and cancel what its followers would have got."""
    PublicEntry.objects.filter(complaint=complaint, withdrawn_at__isnull=True).update(withdrawn_at=at)
    waiting = Notification.objects.filter(about=about_of(complaint), purpose=Notification.Purpose.FOLLOW)
    waiting.filter(sent_at__isnull=True, failed_at__isnull=True).update(failed_at=at, last_error="withdrawn")


def about_of(complaint: Complaint) -> str:
    """What the outbox calls a case."""
    return f"complaint:{complaint.pk}"


def sent_messages(complaint: Complaint) -> list[SentMessage]:
    """What has left the house about a case, newest first, without any address (one query)."""
    rows = Notification.objects.filter(about=about_of(complaint), sent_at__isnull=False).order_by("-sent_at")
    return [SentMessage(row.template, row.sent_at) for row in rows[:200] if row.sent_at]


@transaction.atomic
def name_conflict(
    *,
    complaint_id: int,
    actor: User,
    agency: Agency | None = None,
    user: User | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> ConflictOfInterest:
    """Say whom a case is about: that person, or everybody at that office, no longer sees it; the level above does.

    Raises ``PermissionDenied``, ``MoveNotAllowed``, or ``ValidationError`` for oneself, for nobody, or while that
    office holds the case.
    """
    parts = lock_parts(complaint_id)
    step = begin_act(Act.CONFLICT, complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    if (agency is None) == (user is None) or user == actor:
        raise ValidationError(_("Choose one person or one office."), code="choose")
    holding = [each.current_agency for each in (complaint, *parts) if each.current_agency and each.is_open]
    if agency and any(_is_within(office, agency) for office in holding):
        raise ValidationError(_("This office holds the case. Take it back first."), code="holds")
    row, is_new = ConflictOfInterest.objects.get_or_create(
        complaint=complaint, agency=agency, user=user, defaults={"named_by": actor, "at": step.at}
    )
    if is_new:
        _put_out(complaint, user)
        record(step, Action.CONFLICT_NAMED, is_public=False, agency=agency, person=user.pk if user else None)
        for part in parts:
            _name_too(part.pk, row)
    return row


def _name_too(part_id: int, row: ConflictOfInterest) -> None:
    """Whom a case is about has no way to its parts either."""
    part = lock(part_id)
    ConflictOfInterest.objects.create(
        complaint=part, agency=row.agency, user=row.user, named_by=row.named_by, at=row.at
    )
    _put_out(part, row.user)
    step = Step(part, SYSTEM, row.at, part.status)
    record(step, Action.CONFLICT_NAMED, is_public=False, agency=row.agency, person=row.user_id)


def _put_out(complaint: Complaint, user: User | None) -> None:
    """A named person no longer works on the case."""
    if user and complaint.assignee_id == user.pk:
        complaint.assignee = None


def _is_within(agency: Agency, above: Agency) -> bool:
    return agency.path.startswith(above.path)


def choose_mail(*, complaint_id: int, actor: object, wanted: bool, now: datetime) -> None:
    """Whether the reporter gets news of the case. Wanting it again also lifts a stop made by one click."""
    complaint = Complaint.objects.select_related("reporter").get(pk=complaint_id)
    _way, who = reporters_address(complaint)
    if not is_reporter(complaint, actor) or not who:
        raise PermissionDenied("mail")
    stop = Stop(who, Notification.Purpose.CASE, about_of(complaint))
    if wanted:
        MessageStop.objects.filter(recipient_hash=who, purpose=stop.purpose, about__in=("", stop.about)).delete()
        return
    stop_messages(subject=stop, now=now)

"""What the desk does with messages that wait: file, add to a case as a note, or set aside."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.models import User
from core.permissions import scope_of
from core.sealing import unseal
from workflows.actors import ActorKind
from workflows.models import Attachment, Complaint, InboundMessage, Message, PendingUpload
from workflows.permissions import DESK_ROLES
from workflows.services.conversation import send_message
from workflows.services.identity import Identity
from workflows.services.intake.held import AlreadyDecided
from workflows.services.intake.machines import Incoming, file_message

Outcome = InboundMessage.Outcome
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class HeldWords:
    """What a waiting message says. The sender is shown shortened; who it is stays sealed in the case."""

    title: str
    text: str
    sender: str
    channel: str
    identity: Identity
    reference: str

    @property
    def shown_sender(self) -> str:
        local, at, domain = self.sender.partition("@")
        return f"{local[:1]}…@{domain}" if at else f"{self.sender[:4]}…{self.sender[-2:]}"


def words_of(row: InboundMessage) -> HeldWords | None:
    """What a waiting message says; None once it was decided."""
    if not row.content_sealed:
        return None
    values = json.loads(unseal(row.content_sealed))
    return HeldWords(**{**values, "identity": Identity(*values["identity"])})


@transaction.atomic
def file_held(*, message_id: int, actor: User, now: datetime | None = None) -> InboundMessage:
    """File a waiting message as a complaint, received when it came. Raises ``PermissionDenied``, ``AlreadyDecided``."""
    row, words = _waiting(message_id, actor)
    incoming = Incoming(
        region=row.region,
        source=row.source,
        fingerprint="",
        channel=words.channel,
        sender=words.sender,
        title=words.title,
        text=words.text,
        identity=words.identity,
    )
    file_message(row, incoming, now=now or timezone.now())
    return _decided(row, actor, now)


@transaction.atomic
def note_held(*, message_id: int, complaint: Complaint, actor: User, now: datetime | None = None) -> InboundMessage:
    """Put a waiting message into a case as an internal note: the sender was not verified, so it is nobody's word."""
    row, words = _waiting(message_id, actor)
    files = list(PendingUpload.objects.filter(form_key=row.form_key)) if row.form_key else []
    text = f"{words.title}\n{words.text}"
    case = send_message(complaint_id=complaint.pk, actor=actor, words=text, files=files, is_public=False, now=now)
    _give_to_reporter(case)
    row.outcome, row.complaint = Outcome.REPLIED, complaint
    return _decided(row, actor, now)


def _give_to_reporter(case: Complaint) -> None:
    """Mark the words and files of the case's last event as not the officer's own, so that they are erased whole."""
    last = {"complaint": case.pk, "event__sequence": case.version}
    Message.objects.filter(**last).update(author_kind=ActorKind.REPORTER.value)
    Attachment.objects.filter(**last).update(uploaded_by=ActorKind.REPORTER.value)


@transaction.atomic
def set_aside(*, message_id: int, actor: User, now: datetime | None = None) -> InboundMessage:
    row, _words = _waiting(message_id, actor)
    row.outcome = Outcome.DISCARDED
    return _decided(row, actor, now)


def forget_held_messages(now: datetime) -> int:
    """Set aside what nobody looked at for a month; how many."""
    old = InboundMessage.objects.waiting().filter(received_at__lt=now - KEPT)
    return old.update(outcome=Outcome.DISCARDED, content_sealed="", decided_at=now)


def _waiting(message_id: int, actor: User) -> tuple[InboundMessage, HeldWords]:
    row = InboundMessage.objects.select_for_update(of=("self",)).select_related("region").get(pk=message_id)
    if not scope_of(actor).covers_region(DESK_ROLES, row.region_id):
        raise PermissionDenied("inbox")
    words = words_of(row)
    if row.outcome != Outcome.HELD or words is None:
        raise AlreadyDecided
    return row, words


def _decided(row: InboundMessage, actor: User, now: datetime | None) -> InboundMessage:
    row.content_sealed, row.decided_by, row.decided_at = "", actor, now or timezone.now()
    row.save()
    return row

"""The frame of every move: lock, check version, permission and state; then event, words, files, and the saved row.

A move looks like this, and always in this order, because the trigger wants the event before the status:

    step = begin("accept", complaint_id=…, actor=…, version=…, now=…)
    step.complaint.accept(at=step.at, …)
    record(step, Action.ACCEPTED, …)
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition, can_proceed, has_transition_perm

from core.models import Agency
from core.statements import insert, update, values_of
from workflows.actors import ActorKind, kind_of
from workflows.acts import Act
from workflows.chain import message_digest, stated
from workflows.models import Complaint, ComplaintEvent, Message
from workflows.permissions import is_possible, may_act
from workflows.selectors.locking import Versions, locked_case
from workflows.services import clock_book, clocks
from workflows.states import Action

# Where a row keeps what it was read as.
READ = "_as_read"


class ConcurrentUpdate(Exception):
    """Somebody else changed the case since it was read. ``last_event`` says who and what."""

    def __init__(self, complaint: Complaint):
        super().__init__(f"{complaint.reference} is at version {complaint.version}")
        self.complaint = complaint

    @property
    def last_event(self) -> ComplaintEvent | None:
        return self.complaint.events.select_related("actor").order_by("-sequence").first()


class MoveNotAllowed(Exception):
    """The case is in a state from which this move does not start."""

    def __init__(self, complaint: Complaint, move: str):
        super().__init__(f"{complaint.reference}: no {move} from {complaint.status}")
        self.complaint, self.move = complaint, move


@dataclass(slots=True)
class Step:
    """One move under way: the locked row, who moves it, when, and where it stood."""

    complaint: Complaint
    actor: Any
    at: datetime
    before: str
    # Version of the region's rules under which the move or act was allowed; 0 is the official table.
    rules: int = 0


def lock(complaint_id: int, version: int | None = None) -> Complaint:
    """Lock the row for the rest of the transaction (one statement, with all that a move reads).

    Raises ``ConcurrentUpdate`` when ``version`` has passed.
    """
    complaint, running = locked_case(complaint_id)
    if running is not None:
        clock_book.open_book(complaint, running)
    complaint.__dict__[READ] = values_of(complaint)
    clocks.know(complaint, Versions.of(complaint), getattr(complaint.region, "complaint_desk", None))
    if version is not None and complaint.version != version:
        raise ConcurrentUpdate(complaint)
    return complaint


def begin(move: str, *, complaint_id: int, actor: Any, version: int | None, now: datetime | None) -> Step:
    """Lock a case and make sure that this person may make this move from where it stands.

    Raises ``ConcurrentUpdate``, ``MoveNotAllowed`` or ``PermissionDenied``.
    """
    complaint = lock(complaint_id, version)
    method = getattr(complaint, move)
    if not can_proceed(method):
        raise MoveNotAllowed(complaint, move)
    # The decorator's permission is not asked when the method is called.
    if not has_transition_perm(method, actor):
        raise PermissionDenied(move)
    return Step(complaint, actor, now or timezone.now(), complaint.status, complaint.rules.number)


def begin_act(act: Act, *, complaint_id: int, actor: Any, version: int | None, now: datetime | None) -> Step:
    """Lock a case and make sure that this person may do this, which moves no case, where it stands.

    Raises ``ConcurrentUpdate``, ``MoveNotAllowed`` or ``PermissionDenied``.
    """
    complaint = lock(complaint_id, version)
    if not is_possible(act, complaint):
        raise MoveNotAllowed(complaint, act)
    if not may_act(act, complaint, actor):
        raise PermissionDenied(act)
    return Step(complaint, actor, now or timezone.now(), complaint.status, complaint.rules.number)


def record(
    step: Step,
    action: Action,
    *,
    words: str = "",
    note: str = "",
    is_public: bool = True,
    reason: str = "",
    agency: Agency | None = None,
    **data: Any,
) -> ComplaintEvent:
    """Write the event of a change, the words that go with it, its clocks, and the row.

    The reporter reads ``words`` of a public event; a ``note`` is always for staff only.
    """
    complaint, texts = step.complaint, [(words.strip(), is_public), (note.strip(), False)]
    texts = [text for text in texts if text[0]]
    salt = secrets.token_hex(16)
    complaint.version += 1
    if complaint.status != step.before:
        # Whoever moved the case has heard its reporter.
        complaint.unheard_since = None
    if complaint.version == 1:
        data |= stated(complaint.received_at, complaint.channel)
    if step.rules:
        data["rules"] = step.rules
    event = _event(step, action, is_public=is_public, reason=reason, agency=agency, data=data)
    event.message_digest = message_digest(salt, *(body for body, _public in texts)) if texts else ""
    event.seal(complaint.head_hash)
    complaint.head_hash = event.hash
    is_new = complaint._state.adding
    if is_new:
        insert([complaint], is_numbered=True)
    insert([event])
    insert([_words(event, body, salt, is_public=shown) for body, shown in texts])
    clock_book.write(complaint)
    if not is_new:
        _save(complaint)
    return event


def record_resumed(step: Step, action: Action, words: str = "", **facts: Any) -> ComplaintEvent:
    """Date the clocks again with the pause that ends now in it, and write the event that ends it."""
    clocks.redate(step.complaint, step.at)
    clocks.set_next_due(step.complaint)
    return record(step, action, words=words, **facts)


def _save(complaint: Complaint) -> None:
    """Write the columns that are no longer as the lock read them. Raises ``ConcurrentTransition``."""
    before: dict[str, Any] | None = complaint.__dict__.get(READ)
    if before is None:
        complaint.save()
        return
    now = values_of(complaint)
    changed = [name for name, value in now.items() if value != before[name]]
    if not update(complaint, changed, {name: before[name] for name in ("version", "status")}):
        raise ConcurrentTransition(f"{complaint.reference} is no longer as it was read")
    complaint.__dict__[READ] = now
    complaint._update_initial_state()


def _event(step: Step, action: Action, **fields: Any) -> ComplaintEvent:
    kind = kind_of(step.actor)
    return ComplaintEvent(
        complaint=step.complaint,
        sequence=step.complaint.version,
        action=action,
        before=step.before,
        after=step.complaint.status,
        actor_kind=kind.value,
        actor=step.actor if kind is ActorKind.STAFF else None,
        at=step.at,
        **fields,
    )


def _words(event: ComplaintEvent, words: str, salt: str, *, is_public: bool) -> Message:
    return Message(
        complaint_id=event.complaint_id,
        event=event,
        is_public=is_public,
        author_kind=event.actor_kind,
        author=event.actor,
        body=words,
        salt=salt,
        at=event.at,
    )


def require_words(field: str, words: str, minimum: int = 10) -> None:
    """Raise ``ValidationError`` beside ``field`` when a text that a citizen will rely on is missing or a stub."""
    if len(words.strip()) < minimum:
        message = _("Please write at least %(minimum)d characters.") % {"minimum": minimum}
        raise ValidationError({field: message}, code="too_short")


def require_reason(step: Step, kind: str, code: str) -> None:
    """Raise ``ValidationError`` when a reason is not one that the region offers for this kind."""
    if code not in dict(step.complaint.rules.reasons(kind)):
        raise ValidationError({"reason": _("Please choose a reason.")}, code="required")

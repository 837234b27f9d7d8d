"""What mailboxes and gateways share: take each message once, add it to its case, file it, or hold it for the desk."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.models import Region
from core.sealing import keyed_hash, seal
from workflows.actors import ReporterGrant
from workflows.intake.mailparts import LONGEST_SUBJECT, MailFile
from workflows.intake.reasons import Held, Ignored
from workflows.intake.replywords import says_not_solved, says_solved
from workflows.models import Complaint, InboundMessage, PendingUpload
from workflows.services import throttles
from workflows.services.closing import confirm_solved, reopen_complaint, say_not_solved, start_review
from workflows.services.conversation import answer_to_question, send_message
from workflows.services.files import keep_uploads
from workflows.services.filing import Draft, form_key_of
from workflows.services.identity import Identity
from workflows.services.intake.accepting import accept
from workflows.services.intake.arrivals import Arrival
from workflows.services.steps import MoveNotAllowed
from workflows.services.throttles import Limit
from workflows.states import Status

SENDER_PURPOSE, MESSAGE_PURPOSE = "workflows.inbound.sender", "workflows.inbound.message"
DAY = timedelta(days=1)
# Cases one sender may file a day without the desk looking first, and messages beyond which nothing is kept.
FILE_SENDER, HOLD_SENDER = Limit("inbound-file", 5, DAY), Limit("inbound-hold", 20, DAY)
FEWEST_LETTERS = 20
LONGEST_TITLE = 120
# What "not solved" asks for, by where the case stands.
NOT_SOLVED = {
    Status.FOLLOWED_UP: say_not_solved,
    Status.CLOSED: reopen_complaint,
    Status.REJECTED: start_review,
}
Outcome = InboundMessage.Outcome


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a machine, already read. ``doubt`` holds it for the desk, ``ignore`` drops it; both are codes."""

    region: Region
    source: str
    fingerprint: str
    channel: str
    sender: str
    text: str
    title: str = ""
    identity: Identity = field(default_factory=Identity)
    files: Sequence[MailFile] = ()
    case: Complaint | None = None
    doubt: str = ""
    ignore: str = ""


@transaction.atomic
def take(incoming: Incoming, *, now: datetime) -> InboundMessage:
    """Take a message; the same one again changes nothing and gives the same row."""
    row, is_new = InboundMessage.objects.get_or_create(
        source=incoming.source,
        external_hash=keyed_hash(MESSAGE_PURPOSE, incoming.fingerprint),
        defaults={
            "region": incoming.region,
            "sender_hash": keyed_hash(SENDER_PURPOSE, incoming.sender) if incoming.sender else "",
            "received_at": now,
            "outcome": Outcome.IGNORED,
            "reason": incoming.ignore,
        },
    )
    if not is_new or incoming.ignore:
        return row
    if incoming.doubt:
        return _hold(row, incoming, incoming.doubt, now)
    return _reply(row, incoming, now) if incoming.case else _file(row, incoming, now)


def _reply(row: InboundMessage, incoming: Incoming, now: datetime) -> InboundMessage:
    case = incoming.case
    if case is None:
        return _hold(row, incoming, Held.WHICH, now)
    for service in _reactions(case, incoming.text):
        try:
            with transaction.atomic():
                files = keep_files(row, incoming.files, now)
                grant = ReporterGrant(case.pk)
                service(complaint_id=case.pk, actor=grant, words=incoming.text, files=files, now=now)
        except (PermissionDenied, ValidationError, MoveNotAllowed):
            continue
        return _done(row, Outcome.REPLIED, case)
    return _hold(row, incoming, Held.LIMIT if case.is_final else Held.CLOSED, now)


def _reactions(case: Complaint, text: str) -> Iterator[Callable[..., object]]:
    """What an answered message does to its case; where that is not possible (any more) it is added as a message."""
    if case.status == Status.NEEDS_INFO:
        yield answer_to_question(case)
    elif case.status == Status.FOLLOWED_UP and says_solved(text):
        yield confirm_solved
    elif case.status in NOT_SOLVED and says_not_solved(text):
        yield NOT_SOLVED[Status(case.status)]
    yield send_message


def _file(row: InboundMessage, incoming: Incoming, now: datetime) -> InboundMessage:
    if len(incoming.text.strip()) < FEWEST_LETTERS:
        return _hold(row, incoming, Held.SHORT, now)
    who = f"{incoming.source}:{incoming.sender}"
    if throttles.is_over(FILE_SENDER, who, now):
        return _hold(row, incoming, Held.LIMIT, now)
    throttles.count(FILE_SENDER, who, now)
    return file_message(row, incoming, now=now)


def file_message(row: InboundMessage, incoming: Incoming, *, now: datetime) -> InboundMessage:
    """File a message as a complaint received when it was taken."""
    draft = Draft(
        title=title_of(incoming.title, incoming.text),
        body=incoming.text,
        channel=incoming.channel,
        identity=incoming.identity,
    )
    files = keep_files(row, incoming.files, now)
    arrival = Arrival(incoming.region, draft, uploads=files, received_at=row.received_at, facts={"inbound": row.pk})
    receipt = accept(arrival, now=now).receipt
    return _done(row, Outcome.FILED, receipt.complaint if receipt else None)


def _hold(row: InboundMessage, incoming: Incoming, reason: str, now: datetime) -> InboundMessage:
    """Keep the words sealed for the desk, unless this sender has filled the box today."""
    who = f"{incoming.source}:{incoming.sender}"
    if throttles.is_over(HOLD_SENDER, who, now):
        row.reason = Ignored.FLOOD
        row.save(update_fields=["reason"])
        return row
    throttles.count(HOLD_SENDER, who, now)
    words = {
        "title": title_of(incoming.title, incoming.text),
        "text": incoming.text,
        "sender": incoming.sender,
        "channel": incoming.channel,
        "identity": [incoming.identity.name, incoming.identity.phone, incoming.identity.email],
        "reference": incoming.case.reference if incoming.case else "",
    }
    row.outcome, row.reason, row.content_sealed = Outcome.HELD, reason, seal(json.dumps(words))
    keep_files(row, incoming.files, now)
    row.save()
    return row


def keep_files(row: InboundMessage, files: Sequence[MailFile], now: datetime) -> list[PendingUpload]:
    """Check and keep what came along as if a form had sent it; what is refused is left out."""
    if not files:
        return list(PendingUpload.objects.filter(form_key=row.form_key)) if row.form_key else []
    row.form_key = form_key_of(f"inbound:{row.source}:{row.external_hash}")
    uploads = [SimpleUploadedFile(file.name or "file", file.content) for file in files]
    kept, _refused = keep_uploads(form_key=row.form_key, files=uploads, now=now)
    return kept


def _done(row: InboundMessage, outcome: str, case: Complaint | None) -> InboundMessage:
    row.outcome, row.complaint, row.content_sealed, row.reason = outcome, case, "", ""
    row.save()
    return row


def title_of(subject: str, text: str) -> str:
    """The subject, or the first line, cut between words."""
    line = (subject or text.strip().split("\n")[0])[:LONGEST_SUBJECT].strip()
    if len(line) < LONGEST_TITLE:
        return line or "–"
    return line.rsplit(" ", 1)[0]

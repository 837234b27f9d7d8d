"""File a complaint: number, secret code, sealed reporter, first event, clocks, in one transaction."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import Agency, District, Region, Service, User, Village
from core.sealing import derived_bytes, keyed_hash
from core.turns import turn_to_write
from workflows.actors import ReporterGrant
from workflows.models import CaseAnswers, Category, CategoryVersion, Complaint, PendingUpload
from workflows.moments import day_text
from workflows.secret_codes import code_from, normalise
from workflows.selectors.complaints import CODE_PURPOSE
from workflows.services import clock_book, clocks, notices
from workflows.services.clocks import Clock
from workflows.services.files import attach
from workflows.services.identity import Identity, seal_identity
from workflows.services.numbering import next_number
from workflows.services.steps import Step, record
from workflows.states import MESSAGE_CHANNELS, Action, Channel, Klass

FORM_PURPOSE = "workflows.complaint.form"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was reported, already validated by a form."""

    title: str
    body: str
    klass: str = Klass.COMPLAINT
    category: Category | None = None
    service: Service | None = None
    agency_hint: Agency | None = None
    service_point_code: str = ""
    district: District | None = None
    village: Village | None = None
    place: str = ""
    incident_on: date | None = None
    channel: str = Channel.WEB
    is_anonymous: bool = False
    is_confidential: bool = False
    identity: Identity = field(default_factory=Identity)
    language: str = "id"
    # Answers to the topic's own questions, by question id, and the version that asked.
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked_in: CategoryVersion | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter takes home. The code is in no table; it cannot be shown again later."""

    complaint: Complaint
    code: str


def form_key_of(token: str) -> str:
    """What is stored of a form's token."""
    return keyed_hash(FORM_PURPOSE, token)


def submit_complaint(  # noqa: PLR0913  all that makes one case
    *,
    region: Region,
    draft: Draft,
    token: str = "",
    uploads: Sequence[PendingUpload] = (),
    entered_by: User | None = None,
    received_at: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    admit: Callable[[], None] | None = None,
    now: datetime | None = None,
) -> Receipt:
    """File a complaint and return its receipt. The same ``token`` gives the same complaint and the same code.

    ``entered_by`` is the officer who types in what came by letter or at the counter; ``received_at`` then lies before.
    ``facts`` are ids and dates kept with the event, never words. ``admit`` counts the sender, so that the count is
    written together with the case; what it raises to refuse is raised here.
    """
    token = token or secrets.token_urlsafe(24)
    try:
        with turn_to_write(), transaction.atomic():
            if admit:
                admit()
            return _file(
                region=region,
                draft=draft,
                token=token,
                uploads=uploads,
                entered_by=entered_by,
                received_at=received_at,
                facts=facts or {},
                now=now or timezone.now(),
            )
    except IntegrityError:
        # The same form, sent again: asked only now, because nearly every form is sent once.
        filed = _filed(token)
        if filed is None:
            raise
        if admit:
            # The first count went with the transaction.
            admit()
        return filed


def _filed(token: str) -> Receipt | None:
    complaint = Complaint.objects.filter(form_key=form_key_of(token)).select_related("region").first()
    return receipt_of(complaint, token) if complaint else None


def receipt_of(complaint: Complaint, token: str) -> Receipt:
    """The receipt of a case again, for whoever still holds the token of its form."""
    return Receipt(complaint, _code(token))


def _code(token: str) -> str:
    """The code follows from the form's token, which only the reporter's browser holds.

    So a receipt lost on the way can be given again, although the code itself is never stored.
    """
    return code_from(derived_bytes(CODE_PURPOSE, token))


def _file(
    *,
    region: Region,
    draft: Draft,
    token: str,
    uploads: Sequence[PendingUpload],
    entered_by: User | None,
    received_at: datetime | None,
    facts: Mapping[str, Any],
    now: datetime,
) -> Receipt:
    code = _code(token)
    complaint = _row(region, draft, received_at or now, now)
    clock_book.new_book(complaint)
    _number(complaint, now)
    complaint.secret_hash = keyed_hash(CODE_PURPOSE, normalise(code))
    complaint.form_key = form_key_of(token)
    for kind in (Clock.VERIFY, Clock.RESPOND, Clock.TOTAL):
        clocks.start(complaint, kind, complaint.received_at)
    clocks.set_next_due(complaint)
    step = Step(complaint, entered_by or ReporterGrant(complaint.pk), now, "")
    event = record(step, Action.FILED, sha256=[upload.sha256 for upload in uploads], **facts)
    seal_identity(complaint=complaint, identity=draft.identity, language=draft.language)
    attach(event, uploads)
    if draft.answers and draft.asked_in:
        CaseAnswers.objects.create(complaint=complaint, version=draft.asked_in, answers=dict(draft.answers))
    by_message = draft.channel in MESSAGE_CHANNELS
    notices.tell_reporter(
        event, "complaint_received", due=day_text(complaint.due_at, region.zone), by_message=by_message
    )
    return Receipt(complaint, code)


def _number(complaint: Complaint, now: datetime) -> None:
    """The next number of the region and year, e.g. ``BKL-2026-000123``. It opens nothing without its code.

    The case gets its id here too, so that it is written once, as its first event leaves it.
    """
    year = now.astimezone(complaint.region.zone).year
    number = next_number(complaint.region, year)
    clocks.know(complaint, number.versions)
    complaint.pk = number.complaint_id
    complaint.reference = f"{clocks.desk_behind(complaint).prefix}-{year}-{number.last:06}"


def _row(region: Region, draft: Draft, received_at: datetime, now: datetime) -> Complaint:
    copied = (
        "title", "body", "klass", "category", "service", "agency_hint", "service_point_code", "district", "village",
        "place", "incident_on", "channel", "is_anonymous", "is_confidential",
    )  # fmt: skip
    values = {name: getattr(draft, name) for name in copied}
    return Complaint(region=region, received_at=received_at, entered_at=now, is_demo=region.is_demo, **values)

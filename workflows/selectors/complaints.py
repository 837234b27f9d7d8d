"""Reads of one case and of lists of cases."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from core import sealing
from core.keeping import Shelf
from core.models import User
from core.permissions import scope_of
from core.statements import Reading
from workflows.actors import ActorKind
from workflows.chain import Link, first_break, strayed
from workflows.models import Attachment, CaseReading, Complaint, ComplaintEvent, Message
from workflows.pauses import Move, pauses_from
from workflows.secret_codes import normalise
from workflows.selectors.locking import versioned
from workflows.sla import Pause
from workflows.states import Status

CODE_PURPOSE = "workflows.complaint.code"
# Compared when a number is unknown, so that the answer takes the same work.
NOBODY = "0" * 64


def find_by_code(reference: str, code: str) -> Complaint | None:
    """The case behind a number and its secret code; None alike for an unknown number and a wrong code."""
    complaint = Complaint.objects.filter(reference=reference.strip().upper()[:24]).first()
    stored = complaint.secret_hash if complaint else NOBODY
    is_right = sealing.is_secret(CODE_PURPOSE, normalise(code), stored)
    return complaint if complaint and is_right else None


def timeline_of(complaint: Complaint, *, public_only: bool) -> QuerySet[ComplaintEvent]:
    """What happened, oldest first, with words and files (three queries); for a reporter only what is public."""
    files, words = Attachment.objects.filter(is_verified=True), Message.objects.all()
    events = ComplaintEvent.objects.filter(complaint=complaint).select_related("actor", "agency")
    if public_only:
        events, files = events.filter(is_public=True), files.filter(is_public=True)
        words = words.filter(is_public=True)
    files = files.select_related("complaint")
    return events.order_by("sequence").prefetch_related(
        Prefetch("attachments", queryset=files), Prefetch("messages", queryset=words)
    )


def pauses_of(complaint: Complaint, until: datetime) -> list[Pause]:
    """How often and how long the clock stood still until a moment (one query)."""
    moves = ComplaintEvent.objects.filter(complaint=complaint).order_by("sequence")
    asked = moves.filter(before=Status.NEEDS_INFO) | moves.filter(after=Status.NEEDS_INFO)
    return list(pauses_from((Move(*row) for row in asked.values_list("at", "before", "after")), until))


def case_for(user: User, reference: str) -> Complaint:
    """One case for a staff screen, with what its head shows and how far the person has read it (one query).

    Raises ``Complaint.DoesNotExist``.
    """
    key = user.pk, scope_of(user)
    reading = _visible.kept(key, lambda: Reading(partial(_case_for, user), str))
    found = reading.first(reference)
    if found is None:
        raise Complaint.DoesNotExist
    return found


def _case_for(user: User, reference: str) -> QuerySet[Complaint]:
    related = (
        "region__complaint_desk__coordinator__region",
        "category",
        "service",
        "district",
        "village",
        "current_agency__region",
        "assignee",
        "reporter",
        "own_answers__version",
    )
    read = CaseReading.objects.filter(user=user, complaint=OuterRef("pk")).values("version")
    cases = versioned(Complaint.objects.visible_to(user).select_related(*related))
    return cases.annotate(read_version=Subquery(read)).filter(reference=reference).order_by()


# By person and scope: what somebody may see decides how the query is built, and building it costs more than asking.
_visible: Shelf[Reading[Complaint]] = Shelf(500)


def attachment_for_staff(user: User, key: str) -> Attachment:
    """A checked file of a case the person may see. Raises ``Attachment.DoesNotExist``."""
    visible = Complaint.objects.visible_to(user)
    # Who works on a part reads the report behind it.
    own = Q(uploaded_by=ActorKind.REPORTER.value, is_public=True, complaint__parts__part__in=visible)
    files = Attachment.objects.filter(Q(complaint__in=visible) | own, is_verified=True).distinct()
    return files.select_related("complaint").get(key=key)


def attachment_for_reporter(complaint_id: int, key: str) -> Attachment:
    """A checked public file of the reporter's own case or its parts. Raises ``Attachment.DoesNotExist``."""
    of_case = Q(complaint=complaint_id) | Q(complaint__part_of__whole=complaint_id)
    files = Attachment.objects.filter(of_case, is_verified=True, is_public=True)
    return files.select_related("complaint").get(key=key)


def first_event(complaint: Complaint) -> ComplaintEvent:
    """What a case began with: its hash covers when and how the case was received (one query)."""
    return complaint.events.order_by("sequence")[0]


def broken_event(complaint: Complaint) -> ComplaintEvent | None:
    """The first event that does not fit the chain or its case; None when the chain holds up to the head of the case."""
    events: Sequence[ComplaintEvent] = list(complaint.events.order_by("sequence"))
    index = first_break(Link(event.facts(), event.prev_hash, event.hash) for event in events)
    if index is not None:
        return events[index]
    if events and events[-1].hash != complaint.head_hash:
        return events[-1]
    if events and strayed(events[0].data, received_at=complaint.received_at, channel=complaint.channel):
        return events[0]
    return None

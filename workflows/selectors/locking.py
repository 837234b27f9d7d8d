"""A case and everything a move needs to know, read in one statement under a lock."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.statements import Reading
from workflows.models import CalendarRevision, Complaint, ComplaintEvent, RulesStamp
from workflows.states import Status

JOINED = (
    "region__complaint_desk__coordinator__region",
    "current_agency__region",
    "category",
    "reporter",
    "assignee",
    "policy",
)


class Versions(NamedTuple):
    """What limits, rules and calendars this process may have in memory; read with the row they are used for."""

    stamp: str | None
    calendar: int | None
    calendar_token: UUID | None

    @classmethod
    def of(cls, row: object) -> "Versions":
        return cls(*(getattr(row, name) for name in ANNOTATIONS))


ANNOTATIONS = ("stamp_of_rules", "calendar_number", "calendar_token")


def versioned(rows: QuerySet) -> QuerySet:
    """Each row tells which version of rules and calendars holds now, at the cost of three look-ups by key."""
    latest = CalendarRevision.objects.order_by("-pk")
    return rows.annotate(
        stamp_of_rules=Subquery(RulesStamp.objects.filter(name=RulesStamp.NAME).values("token")[:1]),
        calendar_number=Subquery(latest.values("pk")[:1]),
        calendar_token=Subquery(latest.values("token")[:1]),
    )


def locked_case(complaint_id: int) -> Complaint:
    """The case, locked for the rest of the transaction (one statement). Raises ``Complaint.DoesNotExist``.

    PostgreSQL gives whoever had to wait for the lock the new row, but beside it what was joined before the wait. The
    number of the last event tells: it is read again then.
    """
    found = _locked.first(complaint_id)
    if found is not None and found.version != (found.last_sequence or 0):
        found = _known.first(complaint_id)
    if found is None:
        raise Complaint.DoesNotExist
    return found


def _case(complaint_id: int) -> QuerySet[Complaint]:
    events = ComplaintEvent.objects.filter(complaint=OuterRef("pk"))
    rows = versioned(Complaint.objects.select_related(*JOINED)).annotate(
        was_asked=Exists(events.filter(after=Status.NEEDS_INFO)),
        last_sequence=Subquery(events.order_by("-sequence").values("sequence")[:1]),
    )
    return rows.order_by().filter(pk=complaint_id)


_known: Reading[Complaint] = Reading(_case, int)
_locked: Reading[Complaint] = Reading(lambda pk: _case(pk).select_for_update(of=("self",)), int)

"""A case and everything a move needs to know, read in one statement under a lock."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.statements import Reading
from workflows.models import CalendarRevision, ClockCycle, Complaint, ComplaintEvent, RulesStamp
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


def locked_case(complaint_id: int) -> tuple[Complaint, list[ClockCycle] | None]:
    """The case, locked for the rest of the transaction, with its running clocks (one statement).

    A case without a running clock takes a second statement and brings None instead of clocks. PostgreSQL gives whoever
    had to wait for the lock the new row, but beside it what was joined before the wait. The number of the last event
    tells: everything is read again then. Raises ``Complaint.DoesNotExist``.
    """
    found = _with_clocks(_ticking_locked, complaint_id) or _alone(_locked, complaint_id)
    if found is not None and found[0].version != (found[0].last_sequence or 0):  # type: ignore[attr-defined]
        found = _with_clocks(_ticking, complaint_id) or _alone(_known, complaint_id)
    if found is None:
        raise Complaint.DoesNotExist
    return found


Found = tuple[Complaint, list[ClockCycle] | None]


def _with_clocks(reading: Reading[ClockCycle], complaint_id: int) -> Found | None:
    clocks = reading.all(complaint_id)
    if not clocks:
        return None
    complaint = clocks[0].complaint
    for name in (*ANNOTATIONS, *CASE_ANNOTATIONS):
        setattr(complaint, name, getattr(clocks[0], name))
    return complaint, clocks


def _alone(reading: Reading[Complaint], complaint_id: int) -> Found | None:
    complaint = reading.first(complaint_id)
    return (complaint, None) if complaint is not None else None


CASE_ANNOTATIONS = ("was_asked", "last_sequence", "is_followed")


def _annotated(rows: QuerySet, case: str) -> QuerySet:
    events = ComplaintEvent.objects.filter(complaint=OuterRef(case))
    return versioned(rows).annotate(
        was_asked=Exists(events.filter(after=Status.NEEDS_INFO)),
        is_followed=Exists(Complaint.objects.filter(parent=OuterRef(case))),
        last_sequence=Subquery(events.order_by("-sequence").values("sequence")[:1]),
    )


def _case(complaint_id: int) -> QuerySet[Complaint]:
    return _annotated(Complaint.objects.select_related(*JOINED), "pk").order_by().filter(pk=complaint_id)


def _clocks(complaint_id: int) -> QuerySet[ClockCycle]:
    joined = ("policy", "leg__agency__region", *(f"complaint__{name}" for name in JOINED))
    running = ClockCycle.objects.filter(complaint=complaint_id, stopped_at__isnull=True).select_related(*joined)
    return _annotated(running, "complaint").order_by("started_at", "pk")


_known: Reading[Complaint] = Reading(_case, int)
_locked: Reading[Complaint] = Reading(lambda pk: _case(pk).select_for_update(of=("self",)), int)
_ticking: Reading[ClockCycle] = Reading(_clocks, int)
_ticking_locked: Reading[ClockCycle] = Reading(lambda pk: _clocks(pk).select_for_update(of=("complaint",)), int)

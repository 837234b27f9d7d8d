"""Decree day: propose a change of the calendars, see what it moves, have a second person decide, apply it.

A proposal changes nothing. Its preview is counted in the background on calendars that are built inside a transaction
and rolled back; approval writes the change as dated rows with a new calendar version, and the open cases follow.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.bulk import insert_rows
from core.models import Agency, Region, User
from workflows import calendar_policies as may
from workflows.models import CalendarProposal, ProposalPage
from workflows.selectors.calendars import calendar_version
from workflows.services.calendar_changes import apply_change
from workflows.services.calendars import record_revision
from workflows.services.proposal_preview import counted_moves, first_closed_year
from workflows.services.redating import redate_open_cases, stale_cases

Status = CalendarProposal.Status
MOVES_ON_A_PAGE = 500


@transaction.atomic
def propose_change(
    *,
    kind: str,
    content: Mapping[str, Any],
    document: Mapping[str, Any],
    actor: User,
    region: Region | None = None,
    agency: Agency | None = None,
    now: datetime | None = None,
) -> CalendarProposal:
    """Put a change forward. ``document`` has title, source, source_url, decided_on and known_from.

    Raises ``PermissionDenied``, or ``ValidationError`` for a change that would leave an office without working time or
    does nothing.
    """
    proposal = CalendarProposal(
        kind=kind,
        content=dict(content),
        region=region,
        agency=agency,
        proposed_by=actor,
        proposed_at=now or timezone.now(),
        **document,
    )
    if not may.may_propose_calendar(proposal, actor):
        raise PermissionDenied("propose")
    proposal.save(force_insert=True)
    _require_working_time(proposal)
    return proposal


def _require_working_time(proposal: CalendarProposal) -> None:
    """Refuse to publish a calendar that never opens (S51)."""
    closed = first_closed_year(proposal)
    if closed:
        message = _("With this change no working time is left in %(year)s at %(office)s.")
        raise ValidationError(message % {"year": closed.year, "office": closed.office}, code="no_working_time")


def count_preview(proposal_id: int, now: datetime) -> CalendarProposal:
    """Count which open cases a proposal moves; keeps the moves page by page and a summary."""
    proposal = CalendarProposal.objects.select_related("region", "agency").get(pk=proposal_id)
    if not proposal.is_open:
        return proposal
    version = calendar_version().number
    found = counted_moves(proposal)
    with transaction.atomic():
        proposal.pages.all().delete()
        pages = range(0, len(found.moves), MOVES_ON_A_PAGE)
        rows = [
            {"proposal_id": proposal_id, "number": number, "moves": found.moves[start : start + MOVES_ON_A_PAGE]}
            for number, start in enumerate(pages, start=1)
        ]
        insert_rows(ProposalPage, rows)
        fields = {"summary": found.summary, "calendar_version": version, "counted_at": now, "status": Status.WAITING}
        CalendarProposal.objects.filter(pk=proposal_id, status__in=(Status.COUNTING, Status.WAITING)).update(**fields)
    return CalendarProposal.objects.get(pk=proposal_id)


@transaction.atomic
def approve_change(*, proposal_id: int, actor: User, now: datetime | None = None) -> CalendarProposal:
    """A second person puts the change in force. The open cases are dated again by ``apply_to_cases``.

    Raises ``PermissionDenied`` for the person who proposed it or without the right, ``ValidationError`` when the
    preview is missing or the calendars have changed since it was counted.
    """
    proposal = _locked(proposal_id, actor)
    if proposal.status != Status.WAITING:
        raise ValidationError(_("This change is not waiting for approval."), code="not_waiting")
    if proposal.calendar_version != calendar_version().number:
        raise ValidationError(_("The calendars have changed since the preview. Count it again first."), code="stale")
    apply_change(proposal, actor)
    proposal.revision = record_revision(subject=f"{proposal.title}: {proposal.source}", actor=actor)
    proposal.status, proposal.decided_by, proposal.decided_at = Status.APPLYING, actor, now or timezone.now()
    proposal.to_do = stale_cases(proposal.revision.pk)
    proposal.save()
    return proposal


@transaction.atomic
def refuse_change(*, proposal_id: int, actor: User, reason: str, now: datetime | None = None) -> CalendarProposal:
    """A second person, with a reason, leaves the calendars as they are."""
    proposal = _locked(proposal_id, actor)
    if not proposal.is_open:
        raise ValidationError(_("This change is not waiting for approval."), code="not_waiting")
    if len(reason.strip()) < 5:
        raise ValidationError({"reason": _("Say in a few words why.")}, code="too_short")
    proposal.status, proposal.refusal = Status.REFUSED, reason.strip()[:250]
    proposal.decided_by, proposal.decided_at = actor, now or timezone.now()
    proposal.save()
    return proposal


def apply_to_cases(proposal_id: int, now: datetime) -> int:
    """Date the open cases again under an approved change; how many moved. Can be repeated after a stop."""
    proposal = CalendarProposal.objects.get(pk=proposal_id)
    if proposal.status != Status.APPLYING:
        return 0
    mine = CalendarProposal.objects.filter(pk=proposal_id)

    def note(number: int) -> None:
        proposal.done += number
        mine.update(done=min(proposal.done, proposal.to_do))

    moved = redate_open_cases(now, document=proposal.source, on_batch=note)
    mine.update(status=Status.APPLIED, done=proposal.to_do)
    return moved


def unfinished() -> list[int]:
    """Approved changes whose cases have not all been dated again."""
    return list(CalendarProposal.objects.filter(status=Status.APPLYING).order_by("pk").values_list("pk", flat=True))


def _locked(proposal_id: int, actor: User) -> CalendarProposal:
    proposal = CalendarProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    if not may.may_decide_calendar(proposal, actor):
        raise PermissionDenied("decide")
    return proposal

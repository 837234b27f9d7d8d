"""Reply templates with their versions, and answers that are looked at before they are sent."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.models import Agency, Region, User
from core.permissions import scope_of
from core.statements import insert
from workflows.models import AnswerCheck, Complaint, ComplaintEvent, ReplyTemplate
from workflows.permissions import DESK_ROLES, OFFICE_ROLES
from workflows.replying import TOO_LIKE, TOO_MANY_SAME, fingerprint, likeness
from workflows.selectors.replies import comparison_for, filled_for
from workflows.services import agency, closing
from workflows.services.drawing import keep_repeated


class Doubt(NamedTuple):
    """What an answer repeats: a template by so many percent, or so many answers before it."""

    template: ReplyTemplate | None
    likeness: int
    same_answers: int

    @property
    def is_repeated(self) -> bool:
        return self.likeness >= TOO_LIKE or self.same_answers >= TOO_MANY_SAME


@transaction.atomic
def save_template(
    *,
    actor: User,
    name: str,
    body: str,
    region: Region,
    office: Agency | None = None,
    previous: ReplyTemplate | None = None,
    now: datetime | None = None,
) -> ReplyTemplate:
    """Write a template, or the next version of one; the old version stays as it was.

    Raises ``PermissionDenied`` and ``ValidationError`` (unknown places, signs of a template language).
    """
    require_may_write(actor, region, office)
    row = ReplyTemplate(
        name=name, body=body, region=region, agency=office, made_by=actor, made_at=now or timezone.now()
    )
    if previous is not None:
        locked = ReplyTemplate.objects.select_for_update().get(pk=previous.pk, is_current=True)
        require_may_write(actor, locked.region, locked.agency)
        ReplyTemplate.objects.filter(pk=locked.pk).update(is_current=False)
        row.family, row.version = locked.family, locked.version + 1
    row.full_clean(exclude=["made_by"], validate_constraints=False)
    row.save()
    return row


@transaction.atomic
def retire_template(*, actor: User, template: ReplyTemplate) -> None:
    """Take a template out of use; answers written with it keep naming it."""
    require_may_write(actor, template.region, template.agency)
    ReplyTemplate.objects.filter(pk=template.pk).update(is_current=False)


def may_write_template(actor: User, region: Region | None, office: Agency | None) -> bool:
    """The desk for its region, an office for itself and the units below it."""
    scope = scope_of(actor)
    if region is None:
        return scope.is_superuser
    whole = scope.covers_region(DESK_ROLES, region.pk)
    return whole or (office is not None and scope.covers(OFFICE_ROLES, office))


def require_may_write(actor: User, region: Region | None, office: Agency | None) -> None:
    if not may_write_template(actor, region, office):
        raise PermissionDenied("reply template")


def doubts_about(complaint: Complaint, words: str, now: datetime | None = None) -> Doubt | None:
    """What the officer is told before sending; None for an answer of its own (one query)."""
    found = _compared(complaint, words, now or timezone.now())
    return found if found.is_repeated else None


def follow_up(*, complaint_id: int, answer: str, **details: Any) -> Complaint:
    """Answer the reporter and note how much of the answer is its own."""
    return agency.follow_up(complaint_id=complaint_id, answer=answer, then=partial(_note, words=answer), **details)


def close_complaint(*, complaint_id: int, result: str, **details: Any) -> Complaint:
    """Close with a result and note how much of it is its own."""
    note = partial(_note, words=result)
    return closing.close_complaint(complaint_id=complaint_id, result=result, then=note, **details)


def _note(event: ComplaintEvent, words: str) -> None:
    found = _compared(event.complaint, words, event.at)
    check = AnswerCheck(
        event=event,
        complaint=event.complaint,
        fingerprint=fingerprint(words),
        template=found.template if found.likeness else None,
        likeness=found.likeness,
        same_answers=found.same_answers,
        at=event.at,
    )
    insert([check])
    if found.is_repeated:
        keep_repeated(event)


def _compared(complaint: Complaint, words: str, now: datetime) -> Doubt:
    known = comparison_for(complaint, fingerprint(words), now)
    scored = [(likeness(words, filled_for(complaint, row.body)), row) for row in known.templates]
    best, template = max(scored, key=lambda pair: pair[0], default=(0, None))
    return Doubt(template, best, known.same_answers)

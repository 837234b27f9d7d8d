"""Correct what a case is about. The day of receipt never moves; the limit may, and the promise only to a later day."""

from datetime import datetime

from django.db import transaction

from core.models import User
from workflows.acts import Act
from workflows.models import Category, Complaint
from workflows.moments import day_text, utc_text
from workflows.services import clocks, notices
from workflows.services.clocks import Clock
from workflows.services.steps import begin_act, record
from workflows.states import Action, Status


@transaction.atomic
def reclassify_complaint(
    *,
    complaint_id: int,
    actor: User,
    klass: str,
    is_supervision: bool,
    category: Category | None,
    version: int | None = None,
    now: datetime | None = None,
) -> Complaint:
    """Give the case another class or category and count its limits again from the day of receipt.

    The reporter is told of a later date. An earlier one is what the office aims at; the promise stays, and staff see
    both.
    """
    step = begin_act(Act.RECLASSIFY, complaint_id=complaint_id, actor=actor, version=version, now=now)
    complaint = step.complaint
    old_due = complaint.due_at
    complaint.klass, complaint.is_supervision, complaint.category = klass, is_supervision, category
    clocks.repolicy(complaint, step.at)
    # While the reporter is asked, the time to answer stays what it was.
    if complaint.status != Status.NEEDS_INFO:
        clocks.set_next_due(complaint)
    due = {
        "from": utc_text(old_due),
        "to": utc_text(complaint.due_at),
        "counted": utc_text(_counted(complaint)),
    }
    is_moved = old_due != complaint.due_at
    event = record(step, Action.RECLASSIFIED, is_public=is_moved, due=due, klass=complaint.case_class)
    if is_moved:
        days = {
            "before": day_text(old_due, complaint.region.zone),
            "due": day_text(complaint.due_at, complaint.region.zone),
        }
        notices.tell_reporter(event, "complaint_reclassified", **days)
    return complaint


def _counted(complaint: Complaint) -> datetime | None:
    found = (clock.counted_due_at for clock in clocks.running(complaint) if clock.kind == Clock.TOTAL)
    return next(found, None)

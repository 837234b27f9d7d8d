"""Background work of deadlines; every task is idempotent and catches up after a stop."""

from django.utils import timezone
from django_tasks import task

from workflows.selectors.calendars import calendar_version
from workflows.services import patterns, proposals, reminders, verification
from workflows.services.redating import redate_open_cases, stale_cases


@task()
def count_calendar_preview(proposal_id: int) -> int:
    """Count what a proposed change of the calendars moves; how many cases."""
    return proposals.count_preview(proposal_id, timezone.now()).summary.get("cases", 0)


@task()
def apply_calendar_change(proposal_id: int) -> int:
    """Date the open cases again under an approved change; how many moved."""
    return proposals.apply_to_cases(proposal_id, timezone.now())


@task()
def catch_up_with_calendars() -> int:
    """Finish approved changes, and date what a reloaded calendar left behind; how many cases moved."""
    now = timezone.now()
    moved = sum(proposals.apply_to_cases(pk, now) for pk in proposals.unfinished())
    return moved + (redate_open_cases(now) if stale_cases(calendar_version().number) else 0)


@task()
def send_reminders() -> int:
    """Record reminders that have come due and send the day's digests; how many digests."""
    return reminders.remind(timezone.now())


@task()
def record_missed_reminders() -> int:
    """Record reminders that nobody got because the case had ended; how many."""
    return reminders.record_missed(timezone.now())


@task()
def check_deadlines() -> int:
    """Compare all stored dates with a new count and report unusual pauses; how many dates differ."""
    now = timezone.now()
    patterns.report_pauses(now)
    return verification.verify_deadlines(now).differences

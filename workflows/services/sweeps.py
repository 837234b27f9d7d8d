"""What the clock does by itself: due times in indexed columns, swept every few minutes.

Every sweep is idempotent and catches up after any pause of the worker; a case that a person moved meanwhile is skipped.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from workflows.actors import SYSTEM
from workflows.models import Complaint
from workflows.selectors.parts import parts_to_end
from workflows.services.agency import resume_complaint
from workflows.services.closing import close_by_silence
from workflows.services.desk import end_wait
from workflows.services.files import discard_stale_uploads
from workflows.services.intake.held import forget_receipts
from workflows.services.intake.inbox import forget_held_messages
from workflows.services.opening import forget_links
from workflows.services.part_words import end_part_wait
from workflows.services.parts import end_part
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.services.throttles import forget_old
from workflows.states import Share, Status

logger = logging.getLogger(__name__)
BATCH = 200


def sweep_cases(now: datetime) -> int:
    """End waits, close by silence, resume held cases and end parts whose time has come; how many moved."""
    passed = Complaint.objects.filter(next_due_at__lt=now)
    return (
        _each(end_wait, passed.filter(status=Status.NEEDS_INFO).exclude(share=Share.PART), now)
        + _each(end_part_wait, passed.filter(status=Status.NEEDS_INFO, share=Share.PART), now)
        + _each(close_by_silence, passed.filter(status=Status.FOLLOWED_UP, unheard_since=None), now)
        + _each(resume_complaint, _held_until(now), now)
        + _each(end_part, parts_to_end(), now)
    )


def tidy(now: datetime) -> int:
    """Delete unfinished uploads, old counters and used links; how many."""
    kept = discard_stale_uploads(now) + forget_old(now) + forget_links(now)
    return kept + forget_receipts(now) + forget_held_messages(now)


def _held_until(now: datetime) -> QuerySet[Complaint]:
    """A hold ends when its day has come; by the date in UTC, so some hours late in Indonesia and never early."""
    return Complaint.objects.filter(status=Status.ON_HOLD, hold_until__lte=now.date())


def _each(service: Callable, cases: QuerySet[Complaint], now: datetime) -> int:
    moved = 0
    for pk, version in cases.order_by("next_due_at").values_list("pk", "version")[:BATCH]:
        try:
            service(complaint_id=pk, actor=SYSTEM, version=version, now=now)
        except (ConcurrentUpdate, MoveNotAllowed, ValidationError) as skipped:
            logger.info("Sweep skipped a case: %s", type(skipped).__name__)
            continue
        moved += 1
    return moved

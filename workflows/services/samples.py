"""A second look at closed cases, by somebody who did not handle them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from core.models import User
from workflows.models import Complaint, Finding, SampledCase
from workflows.permissions import may_check_sample
from workflows.selectors.samples import has_handled, sample_behind
from workflows.services.closing import start_review
from workflows.services.steps import MoveNotAllowed, Step, lock, record, require_words
from workflows.states import Action


@transaction.atomic
def check_sample(
    *,
    complaint_id: int,
    actor: User,
    finding: str,
    words: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> SampledCase:
    """Say whether a sampled case is in order; if not, it is reviewed where this person may start a review.

    ``words`` are for staff only and required where it is not in order. Raises ``PermissionDenied`` for whoever handled
    the case, ``MoveNotAllowed`` where nothing waits, ``ConcurrentUpdate`` and ``ValidationError``.
    """
    complaint = lock(complaint_id, version)
    if not may_check_sample(complaint, actor) or has_handled(actor, complaint):
        raise PermissionDenied("sample")
    sample = sample_behind(complaint)
    if sample is None:
        raise MoveNotAllowed(complaint, "check_sample")
    if finding != Finding.IN_ORDER:
        require_words("words", words)
    step = Step(complaint, actor, now or timezone.now(), complaint.status)
    record(step, Action.SAMPLE_CHECKED, note=words, is_public=False, finding=str(finding), cause=sample.cause)
    sample.finding = Finding(finding)
    sample.save(update_fields=["finding"])
    if finding == Finding.NOT_IN_ORDER and may_reopen(complaint, actor):
        reason = _("A second look at closed cases found that this case has to be looked at again.")
        start_review(complaint_id=complaint.pk, actor=actor, words=reason, now=step.at)
    return sample


def may_reopen(complaint: Complaint, actor: User) -> bool:
    """Whether the machine lets this person have the case reviewed; otherwise the finding is only noted."""
    return can_proceed(complaint.start_review) and has_transition_perm(complaint.start_review, actor)

"""Background tasks of the reporter's side; every one is idempotent and catches up after a stop."""

from django.utils import timezone
from django_tasks import task

from workflows.services import erasure, following, proofs


@task()
def prove_log() -> str:
    """Fix the roots of days that have ended and check the whole event log; the first bad row, or nothing."""
    now = timezone.now()
    proofs.fix_roots(now)
    return proofs.check_log(now).first_bad


@task()
def erase_reporters() -> int:
    """Erase what the retention rules no longer let us keep; how many cases."""
    return erasure.erase_due(timezone.now())


@task()
def tell_followers() -> int:
    """Queue the news of followed cases, and forget addresses that do not follow any more; how many messages."""
    now = timezone.now()
    following.forget_followers(now)
    return following.tell_followers(now)

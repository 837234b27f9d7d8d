"""Background tasks of the complaint desk; every one is idempotent."""

from django.utils import timezone
from django_tasks import task

from workflows.services import sweeps


@task()
def sweep_complaints() -> int:
    """Move the cases whose waiting time has passed; how many."""
    return sweeps.sweep_cases(timezone.now())


@task()
def tidy_complaints() -> int:
    """Delete unfinished uploads and old attempt counters; how many."""
    return sweeps.tidy(timezone.now())

"""Background tasks of the complaint desk; every one is idempotent."""

from django.utils import timezone
from django_tasks import task

from workflows.services import bridge, sweeps


@task()
def sweep_complaints() -> int:
    """Move the cases whose waiting time has passed; how many."""
    return sweeps.sweep_cases(timezone.now())


@task()
def tidy_complaints() -> int:
    """Delete unfinished uploads and old attempt counters; how many."""
    return sweeps.tidy(timezone.now())


@task()
def reconcile_with_sp4n() -> int:
    """Keep the day's totals here and in SP4N-LAPOR!; of how many regions."""
    return bridge.reconcile(timezone.now())

"""Background tasks of the surveys; every one is idempotent."""

from django.utils import timezone
from django_tasks import task

from surveys.services.limits import sweep_counters


@task()
def sweep_guards() -> int:
    """Forget the counters of windows that have passed; how many."""
    return sweep_counters(timezone.now())

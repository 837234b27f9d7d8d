"""Background tasks of the core. Arguments are ids, never objects; every task is idempotent."""

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from core import delivery
from core.planner import count_tables

SUCCESSES_KEPT_DAYS = 2
FAILURES_KEPT_DAYS = 30


@task()
def deliver_notifications() -> int:
    """Send what is due in the outbox; how many messages went out."""
    return delivery.deliver_due(timezone.now())


@task()
def publish_scheduled_pages() -> None:
    """Publish and expire pages at the times their editors chose."""
    call_command("publish_scheduled", verbosity=0)


@task()
def tidy() -> None:
    """Remove old results of tasks and ended sessions, and count the tables anew."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=SUCCESSES_KEPT_DAYS,
        failed_min_age_days=FAILURES_KEPT_DAYS,
        verbosity=0,
    )
    call_command("clearsessions", verbosity=0)
    count_tables()

"""Background tasks of intake; every one is idempotent."""

from django.utils import timezone
from django_tasks import task

from workflows.services import learning


@task()
def learn_routing() -> int:
    """Learn anew from every region's forwarded cases; how many regions have a classifier."""
    return learning.train_every_region(timezone.now())

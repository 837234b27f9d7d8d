"""Background tasks of intake; every one is idempotent."""

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from workflows.services import learning


@task()
def learn_routing() -> int:
    """Learn anew from every region's forwarded cases; how many regions have a classifier."""
    return learning.train_every_region(timezone.now())


@task()
def read_mail() -> None:
    """Take unread mail where a mailbox is set; nothing otherwise."""
    if settings.INTAKE_MAIL_URL:
        call_command("read_mail", verbosity=0)

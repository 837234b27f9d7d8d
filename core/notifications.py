"""The outbox: tell somebody, in the transaction of what is told."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.models import Notification


def enqueue(
    template: str,
    *,
    to: str,
    dedupe_key: str,
    context: dict[str, Any] | None = None,
    language: str = "id",
    not_before: datetime | None = None,
) -> None:
    """Queue one e-mail from ``templates/emails/<template>.txt``; the same key is queued once.

    ``context`` holds references and dates only, never text a citizen wrote: a complaint form
    must not become a way to send somebody else's words to a stranger.
    """
    if not to:
        return
    Notification.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "template": template,
            "recipient": to,
            "context": context or {},
            "language": language,
            "not_before": not_before or timezone.now(),
        },
    )

"""Send what waits in the outbox.

Delivery is at least once: a row is claimed, sent, then marked. A server that dies between the
last two steps sends that message again. Covers e-mail; other channels join here.

A message is ``templates/emails/<template>.txt``: the first line ``Subject: …``, an empty line,
the text. It sees the row's ``context`` and ``base_url``.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.models import Notification
from core.sealing import open_recipient

logger = logging.getLogger(__name__)

BATCH = 100
MOST_ATTEMPTS = 6
# Minutes until the next attempt: 1, 5, 25, 125 …; six attempts span about two days.
RETRY_BASE = 5


def deliver_due(now: datetime) -> int:
    """Send one batch of what is due; how many were sent."""
    waiting = Notification.objects.filter(sent_at__isnull=True, failed_at__isnull=True, not_before__lte=now)
    claimed = [row for row in waiting[:BATCH] if _claim(row, now)]
    return sum(_deliver(row, now) for row in claimed)


def _claim(row: Notification, now: datetime) -> bool:
    """Take the row for this attempt; false when another worker was faster."""
    taken = Notification.objects.filter(pk=row.pk, attempts=row.attempts, sent_at__isnull=True).update(
        attempts=F("attempts") + 1, not_before=now + timedelta(minutes=RETRY_BASE**row.attempts)
    )
    row.attempts += 1
    return bool(taken)


def _deliver(row: Notification, now: datetime) -> bool:
    try:
        compose(row).send()
    except Exception as problem:  # noqa: BLE001  one bad message or mail server answer must not hold up the others
        _note_failure(row, problem, now)
        return False
    Notification.objects.filter(pk=row.pk).update(sent_at=timezone.now(), last_error="")
    return True


def compose(row: Notification) -> EmailMessage:
    """The e-mail in the recipient's language."""
    with translation.override(row.language):
        text = render_to_string(f"emails/{row.template}.txt", {**row.context, "base_url": settings.BASE_URL})
    head, _blank, body = text.lstrip().partition("\n")
    subject = head.removeprefix("Subject:").strip()
    return EmailMessage(subject=subject, body=body.lstrip(), to=[open_recipient(row.recipient)])


def _note_failure(row: Notification, problem: Exception, now: datetime) -> None:
    """Keep the kind of error only: messages of mail servers repeat addresses."""
    kind = type(problem).__name__
    logger.warning("Notification %s (%s) failed, attempt %s: %s", row.pk, row.template, row.attempts, kind)
    failed_at = now if row.attempts >= MOST_ATTEMPTS else None
    Notification.objects.filter(pk=row.pk).update(last_error=kind, failed_at=failed_at)

"""A60: yesterday's backup is put back; what it had not marked as sent goes out only when somebody says so."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from core import notifications
from core.delivery import deliver_due
from core.models import Notification

pytestmark = pytest.mark.django_db


def queue(key):
    context = {"reference": "BKL-2026-000001", "status": "received"}
    notifications.enqueue("complaint_moved", to="siti@contoh.id", dedupe_key=key, context=context)


def after_restore(*decision):
    said = StringIO()
    call_command("after_restore", *decision, stdout=said)
    return said.getvalue()


def deliver():
    deliver_due(timezone.now() + timedelta(minutes=1))
    return len(mail.outbox)


@pytest.fixture
def restored():
    """One message that yesterday's backup had sent, and one that it had not."""
    queue("sent")
    assert deliver() == 1
    queue("unsure")


def test_a_restored_message_waits_for_a_decision_and_a_new_one_does_not(restored):
    assert "1 complaint_moved (email)" in after_restore()
    assert deliver() == 1
    queue("new")
    assert deliver() == 2
    assert after_restore("--send").splitlines() == ["messages will be sent: 1"]
    assert deliver() == 3


def test_a_discarded_message_never_goes_out(restored):
    after_restore()
    after_restore("--discard")
    assert deliver() == 1
    kept = Notification.objects.get(dedupe_key="unsure")
    assert (kept.last_error, kept.failed_at is not None, kept.sent_at) == ("restored", True, None)
    assert "held: 0" in after_restore()

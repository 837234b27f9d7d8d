"""The outbox is emptied once per message, in the reader's language, and survives a bad mail server."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core.delivery import MOST_ATTEMPTS, _claim, deliver_due
from core.models import Notification
from core.notifications import enqueue

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def message(settings, tmp_path):
    """A template of its own: this tests the postman, not a letter."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "greeting.txt").write_text(
        "{% load i18n %}{% get_current_language as language %}"
        "Subject: {{ language }} {{ reference }}\n\nSee {{ base_url }}/x\n"
    )
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path]}]
    settings.BASE_URL = "https://suara.example.go.id"


@pytest.fixture
def broken_mail_server(monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError("warga@example.org refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def queue(key="one", **options):
    enqueue("greeting", to="warga@example.org", dedupe_key=key, context={"reference": "A-1"}, not_before=NOW, **options)
    return Notification.objects.get(dedupe_key=key)


def test_a_waiting_message_is_sent_once():
    row = queue()
    assert deliver_due(NOW) == 1
    assert deliver_due(NOW + timedelta(days=1)) == 0
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == (
        "id A-1",
        "See https://suara.example.go.id/x\n",
        ["warga@example.org"],
    )
    row.refresh_from_db()
    assert row.sent_at
    assert row.attempts == 1


def test_the_message_is_in_the_recipients_language():
    queue(language="en")
    deliver_due(NOW)
    assert mail.outbox[0].subject == "en A-1"


def test_nothing_is_sent_before_its_time():
    queue()
    assert deliver_due(NOW - timedelta(seconds=1)) == 0
    assert mail.outbox == []


def test_the_same_fact_told_twice_is_one_message():
    queue()
    queue()
    assert deliver_due(NOW) == 1


def test_a_refused_message_is_tried_later_and_its_error_names_nobody(broken_mail_server):
    row = queue()
    assert deliver_due(NOW) == 0
    row.refresh_from_db()
    assert row.sent_at is None
    assert row.not_before == NOW + timedelta(minutes=1)
    assert row.last_error == "ConnectionRefusedError"


def test_after_the_last_attempt_the_message_has_failed(broken_mail_server):
    row, now = queue(), NOW
    for _attempt in range(MOST_ATTEMPTS):
        row.refresh_from_db()
        assert row.failed_at is None
        now = max(now, row.not_before)
        deliver_due(now)
    row.refresh_from_db()
    assert row.failed_at == now
    assert row.attempts == MOST_ATTEMPTS
    assert deliver_due(now + timedelta(days=30)) == 0


def test_one_bad_message_does_not_hold_up_the_others():
    enqueue("no_such_template", to="x@example.org", dedupe_key="bad", not_before=NOW)
    queue("good")
    assert deliver_due(NOW) == 1
    assert Notification.objects.get(dedupe_key="bad").last_error == "TemplateDoesNotExist"


def test_two_workers_do_not_send_the_same_message():
    queue()
    stale = list(Notification.objects.all())
    deliver_due(NOW)
    assert not _claim(stale[0], NOW)

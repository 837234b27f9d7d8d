"""The outbox is emptied once per message, in the reader's language, and survives a bad mail server."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from core import channels
from core.delivery import MOST_ATTEMPTS, REST, _claim, deliver_due
from core.letters import Editable, Words, check_words, offer
from core.models import MessageStop, Notification
from core.notifications import address_hash, enqueue
from core.services.messages import choose_messages, confirm_address, wanted_by, word_letter
from core.stops import Stop
from tests.cms.factories import make_site

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def message(settings, tmp_path):
    """A template of its own: this tests the postman, not a letter."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "footer.txt").write_text("Subject: -\n\n-- {{ confirm_url }} {{ stop_url }}\n")
    (tmp_path / "emails" / "greeting.txt").write_text(
        "{% load i18n %}{% get_current_language as language %}"
        "Subject: {{ language }} {{ reference }}\n\nSee {{ base_url }}/x\n"
    )
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path]}]
    settings.BASE_URL = "https://suara.example.go.id"


@pytest.fixture
def mail_server_is_down(monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError("warga@example.org refused")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return monkeypatch


@pytest.fixture
def bad_address(monkeypatch):
    def refuse(self, messages):
        raise SMTPRecipientsRefused({"warga@example.org": (550, b"no such user")})

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


def test_a_refused_message_is_tried_later_and_its_error_names_nobody(bad_address):
    row = queue()
    assert deliver_due(NOW) == 0
    row.refresh_from_db()
    assert row.sent_at is None
    assert row.not_before == NOW + timedelta(minutes=1)
    assert row.last_error == "SMTPRecipientsRefused"


def test_after_the_last_attempt_the_message_has_failed(bad_address):
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


def test_a_day_without_the_provider_loses_and_doubles_nothing(mail_server_is_down):
    for number in range(5):
        queue(f"letter-{number}")
    for minute in range(0, 24 * 60, 5):
        assert deliver_due(NOW + timedelta(minutes=minute)) == 0
    assert Notification.objects.filter(sent_at=None, failed_at=None).count() == 5
    mail_server_is_down.undo()
    later = NOW + timedelta(hours=25)
    assert [deliver_due(later), deliver_due(later)] == [5, 0]
    assert len({message.extra_headers["X-Suara-Key"] for message in mail.outbox}) == 5


def test_a_channel_that_is_down_is_asked_once_and_holds_up_no_other(mail_server_is_down):
    told = []
    before = channels.sender_of("sms")
    channels.register("sms", told.append)
    try:
        for number in range(3):
            queue(f"letter-{number}")
        queue("sms", channel="sms")
        assert deliver_due(NOW) == 1
    finally:
        channels.register("sms", before)
    assert told[0].subject == "id A-1"
    assert set(Notification.objects.filter(channel="email").values_list("not_before", "attempts")) == {(NOW + REST, 0)}


def test_a_channel_without_a_provider_waits():
    queue(channel="whatsapp")
    assert deliver_due(NOW) == 0
    assert Notification.objects.filter(sent_at=None, failed_at=None).exists()


@time_machine.travel(NOW, tick=False)
def test_an_address_nobody_confirmed_gets_one_message_a_day():
    for number in range(4):
        queue(f"letter-{number}", purpose="case")
    assert [deliver_due(NOW), deliver_due(NOW + timedelta(hours=20))] == [1, 0]
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert deliver_due(NOW + timedelta(hours=24)) == 1
    assert sorted(Notification.objects.values_list("dedupe_key", "last_error")) == [
        ("letter-0", ""),
        ("letter-1", "superseded"),
        ("letter-2", "superseded"),
        ("letter-3", ""),
    ]
    assert "/pesan/alamat/" in mail.outbox[0].body


@time_machine.travel(NOW, tick=False)
def test_a_confirmed_address_gets_everything_at_once_and_is_asked_no_more():
    for number in range(3):
        queue(f"letter-{number}", purpose="case", about=f"complaint:{number}")
    deliver_due(NOW)
    confirm_address(subject=Stop(address_hash("Warga@example.org"), "case", ""), now=NOW)
    assert deliver_due(NOW) == 1  # the newest of those that had to wait
    queue("next", purpose="case")
    assert deliver_due(NOW) == 1
    assert "/pesan/alamat/" not in mail.outbox[-1].body


def address_in(message):
    return message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://suara.example.go.id")


def test_one_click_stops_a_kind_of_message_and_a_mail_scanner_stops_nothing(client, region, settings):
    make_site(region)
    queue(purpose="case", about="complaint:1")
    deliver_due(NOW)
    address = address_in(mail.outbox[0])
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.BASE_DIR / "templates"]}]
    assert [client.get(address).status_code, client.head(address).status_code] == [200, 200]
    assert not MessageStop.objects.exists()
    browser = Client(enforce_csrf_checks=True)  # the provider has no cookie of ours
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MessageStop.objects.get().about == "complaint:1"
    assert client.post("/pesan/berhenti/palsu:x:y/").status_code == 404
    assert "@" not in address
    queue("two", purpose="case", about="complaint:1")
    assert deliver_due(NOW) == 0
    assert Notification.objects.get(dedupe_key="two").last_error == "stopped"


def test_staff_choose_what_they_get(officer):
    officer.email = "petugas@example.go.id"
    choose_messages(user=officer, wanted={"work"}, now=NOW)
    choose_messages(user=officer, wanted={"work", "digest"}, now=NOW)
    assert wanted_by(officer) == {"work", "digest"}
    for purpose in ("mention", "digest", "service"):
        enqueue("greeting", to=officer.email, dedupe_key=purpose, not_before=NOW, purpose=purpose)
    assert deliver_due(NOW) == 2


def test_a_region_words_its_messages_with_allowed_variables_only(region, officer, monkeypatch):
    # The letter is known for this test only: other tests walk the list of letters.
    monkeypatch.setattr("core.letters._editable", {})
    letter = Editable("greeting", "Greeting", {"reference": "BKL-1"})
    offer(letter)
    for bad in ("{{ settings }}", "{% load x %}", "{secret_key}"):
        with pytest.raises(ValidationError):
            check_words(letter, Words("Halo", bad))
    for body in ("Lama {reference}", "Nomor {reference} {0.__class__}"):
        words = Words("Kabar {reference}", body)
        word_letter(letter=letter, region=region, language="id", words=words, author=officer, now=NOW)
    queue(region_id=region.pk)
    deliver_due(NOW)
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("Kabar A-1", "Nomor A-1 {0.__class__}")
    word_letter(letter=letter, region=region, language="id", words=Words("", ""), author=officer, now=NOW)
    queue("again", region_id=region.pk)
    deliver_due(NOW)
    assert mail.outbox[1].subject == "id A-1"


def every_ten_minutes(hours, tell):
    """The minutes in which mail went out, with a new message every ten, as two machines make them."""
    sent = []
    for minute in range(0, hours * 60, 10):
        now = NOW + timedelta(minutes=minute)
        with time_machine.travel(now, tick=False):
            tell(minute)
            sent += [minute] * deliver_due(now)
    return sent


def test_a_loop_ends_in_silence_and_one_alarm(regional_admin, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.BASE_DIR / "templates"]}]
    regional_admin.email = "admin@example.go.id"
    regional_admin.save()
    confirm_address(subject=Stop(address_hash("warga@example.org"), "case", ""), now=NOW)
    told = {"context": {"reference": "A-1"}, "purpose": "case", "about": "complaint:1", "not_before": NOW}

    sent = every_ten_minutes(
        4, lambda minute: enqueue("complaint_moved", to="warga@example.org", dedupe_key=str(minute), **told)
    )
    letters = [message for message in mail.outbox if message.to == ["warga@example.org"]]
    assert len(letters) == 5  # about one case; the sixth has to wait for another day
    assert sum(minute < 60 for minute in sent) == 4  # three of them, and the alarm
    (alarm,) = [message for message in mail.outbox if message.to == ["admin@example.go.id"]]
    assert "warga" not in alarm.subject + alarm.body
    with time_machine.travel(NOW + timedelta(hours=28), tick=False):
        deliver_due(NOW + timedelta(hours=28))
    assert len([message for message in mail.outbox if message.to == ["warga@example.org"]]) == 6  # only the newest
    assert not Notification.objects.filter(sent_at=None, failed_at=None).exists()


def test_an_address_with_many_cases_gets_ten_messages_a_day():
    confirm_address(subject=Stop(address_hash("warga@example.org"), "case", ""), now=NOW)
    sent = every_ten_minutes(5, lambda minute: queue(str(minute), purpose="case", about=f"complaint:{minute}"))
    assert len(sent) == 10

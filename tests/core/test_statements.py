"""Statements written by hand do what Django would have done."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.utils import timezone

from core.models import Notification
from core.sessions import SessionStore
from core.statements import insert, update, values_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 9, 30, 15, 123456, tzinfo=UTC)


def letter(key):
    context = {"reference": "BKL-2026-000123", "due": None, "names": ["Ä", "“"]}
    return Notification(template="t", recipient="a@example.org", context=context, not_before=AT, dedupe_key=key)


def stored(key):
    row = Notification.objects.get(dedupe_key=key)
    return {name: value for name, value in values_of(row).items() if name not in {"dedupe_key", "created_at"}}


def test_a_row_is_added_as_django_would_add_it():
    letter("by Django").save()
    insert([row := letter("by hand")])
    assert stored("by hand") == stored("by Django")
    assert timezone.now() - Notification.objects.get(pk=row.pk).created_at < timedelta(minutes=1)


def test_moments_are_written_and_emptied_as_django_would():
    insert([row := letter("one")])
    row.sent_at, row.not_before = AT, AT + timedelta(days=1)
    assert update(row, ["sent_at", "not_before"], {"attempts": 0})
    found = Notification.objects.get(pk=row.pk)
    assert (found.sent_at, found.not_before) == (AT, AT + timedelta(days=1))
    row.sent_at = None
    assert update(row, ["sent_at"], {})
    assert not update(row, ["sent_at"], {"attempts": 7})
    assert Notification.objects.get(pk=row.pk).sent_at is None


@pytest.mark.parametrize("lasts", [60, -1])
def test_a_session_is_found_as_django_finds_it(lasts):
    made = DjangoStore()
    made["name"] = "Sulastri"
    made.set_expiry(lasts)
    made.create()
    own, djangos = (store(made.session_key) for store in (SessionStore, DjangoStore))
    assert own.get("name") == djangos.get("name") == ("Sulastri" if lasts > 0 else None)
    assert own.session_key == djangos.session_key


def test_an_unknown_session_is_empty():
    assert SessionStore("x" * 32).get("name") is None

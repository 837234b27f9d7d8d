"""Rows read, added and changed without model objects are what the ORM would have stored and given."""

from datetime import UTC, datetime, timedelta

import pytest

from core import notifications
from core.bulk import insert_rows, read_rows, update_rows
from core.models import Notification
from core.statements import values_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 5, 0, 0, 250_000, tzinfo=UTC)


def letters(number):
    rows = [
        notifications.letter("case", to="a@contoh.id", dedupe_key=f"{n}", context={"n": f"baris {n}%"}, not_before=NOON)
        for n in range(number)
    ]
    return [values_of(row) | {"created_at": NOON, "sent_at": NOON if row.dedupe_key == "1" else None} for row in rows]


def test_rows_added_and_read_are_what_the_orm_gives():
    made = letters(3)
    insert_rows(Notification, made)
    insert_rows(Notification, [])
    stored = Notification.objects.order_by("pk")
    assert [values_of(row) for row in stored] == made
    columns = ("dedupe_key", "not_before", "sent_at", "context", "region__name")
    assert list(read_rows(stored.values_list(*columns))) == list(stored.values_list(*columns))
    assert len(list(read_rows(stored.values_list("pk"), fetched=2))) == 3


def test_each_row_gets_its_own_values_and_all_the_shared_ones():
    insert_rows(Notification, letters(3))
    first, second, untouched = Notification.objects.order_by("pk").values_list("pk", flat=True)
    later = NOON + timedelta(days=1)
    names, words = ("sent_at", "region_id", "context"), {"n": 'kata "dua" {%s}'}
    update_rows(Notification, names, [(first, later, None, words), (second, None, None, {})], attempts=4)
    update_rows(Notification, ("sent_at",), [])
    rows = Notification.objects.order_by("pk").values_list("pk", "sent_at", "attempts", "context")
    assert list(rows) == [(first, later, 4, words), (second, None, 4, {}), (untouched, None, 0, {"n": "baris 2%"})]

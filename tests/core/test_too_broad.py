"""A statement that was given up is answered by a page that helps, to staff and to everybody, and tells nothing."""

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from core.middleware import QUERY_CANCELED
from core.services import sync_roles

pytestmark = pytest.mark.django_db
SECRET = "SELECT sandi FROM pelapor"


class Canceled(Exception):
    """As the driver says it."""

    sqlstate = QUERY_CANCELED


def failing(state):
    def found(*_args, **_kwargs):
        cause = Canceled(SECRET)
        cause.sqlstate = state
        raise OperationalError(SECRET) from cause

    return found


def sleeping(*_args, **_kwargs):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")


def assert_helps(answer, back):
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert f'href="{back}"' in page
    assert not any(word in page for word in (SECRET, "SELECT", "OperationalError", "statement timeout"))


@pytest.mark.portable
def test_the_public_and_the_staff_read_what_to_do(client, verifier, monkeypatch, caplog):
    monkeypatch.setattr("home.views.search.found_pages", failing(QUERY_CANCELED))
    monkeypatch.setattr("workflows.views.staff.queue.QueueView.get_context_data", failing(QUERY_CANCELED))
    assert_helps(client.get("/cari/?q=a"), "/")
    sync_roles()
    client.force_login(verifier)
    assert_helps(client.get(reverse("complaints:queue")), reverse("wagtailadmin_home"))
    assert SECRET not in caplog.text
    assert "complaints:queue" in caplog.text


@pytest.mark.portable
def test_every_other_fault_of_the_database_stays_a_fault(client, monkeypatch):
    monkeypatch.setattr("home.views.search.found_pages", failing("08006"))
    client.raise_request_exception = False
    assert client.get("/cari/?q=a").status_code == 500


@pytest.mark.pg
def test_postgresql_says_it_the_way_we_read_it(client, monkeypatch):
    monkeypatch.setattr("home.views.search.found_pages", sleeping)
    assert_helps(client.get("/cari/?q=a"), "/")

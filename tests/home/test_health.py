"""What a monitor reads."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def worker_finished(db):
    def finish(at):
        DBTaskResult.objects.create(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=at,
            args_kwargs={"args": [], "kwargs": {}},
            task_path="x",
            backend_name="default",
            run_after=at,
        )

    return finish


def read(client):
    with time_machine.travel(NOW, tick=False):
        return client.get("/readyz")


def test_healthz_answers_without_the_database(client):
    """No database mark: a query would fail the test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "Set-Cookie" not in response


def test_readyz_is_ok_while_the_worker_works(client, worker_finished):
    worker_finished(NOW - timedelta(minutes=2))
    response = read(client)
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "worker": "ok"},
    }


@pytest.mark.parametrize("silence", [None, timedelta(minutes=6)])
def test_readyz_fails_when_the_worker_is_silent(client, db, worker_finished, silence):
    if silence:
        worker_finished(NOW - silence)
    response = read(client)
    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == "failed"


def test_readyz_fails_while_migrations_are_missing(client, worker_finished, monkeypatch):
    worker_finished(NOW)
    monkeypatch.setattr("home.views.health.pending_migrations", lambda: True)
    assert read(client).json()["checks"]["migrations"] == "failed"


def test_health_takes_no_post(client):
    assert client.post("/healthz").status_code == 405

"""Jobs run when due, once, and catch up after a stop."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core import scheduling

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@task()
def sweep():
    """Stands for any job."""


@pytest.fixture(autouse=True)
def queue(settings, monkeypatch):
    """The real queue, with no other job than the one of the test."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    monkeypatch.setattr(scheduling, "_jobs", {})
    scheduling.register(sweep, every=MINUTE)


def tick(now):
    with time_machine.travel(now, tick=False):
        return scheduling.tick(now)


def finish_all(status=TaskResultStatus.SUCCESSFUL):
    DBTaskResult.objects.update(status=status, finished_at=START)


def test_a_job_that_never_ran_is_due_at_once():
    assert tick(START) == [sweep.module_path]
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


def test_a_job_is_not_due_again_before_its_period():
    tick(START)
    finish_all()
    assert tick(START + timedelta(seconds=30)) == []
    assert tick(START + MINUTE) == [sweep.module_path]


def test_a_day_of_absence_is_caught_up_with_one_run():
    tick(START)
    finish_all()
    assert tick(START + timedelta(days=1)) == [sweep.module_path]
    finish_all()
    assert tick(START + timedelta(days=1, seconds=1)) == []


def test_jobs_do_not_pile_up_while_the_worker_is_away():
    for minutes in range(10):
        tick(START + minutes * MINUTE)
    assert DBTaskResult.objects.count() == 1


def test_a_failed_run_does_not_stop_the_next():
    tick(START)
    finish_all(TaskResultStatus.FAILED)
    assert tick(START + MINUTE) == [sweep.module_path]


def _running_since(started_at, workers):
    tick(started_at)
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=started_at, worker_ids=workers)
    return DBTaskResult.objects.get()


def test_a_task_of_a_dead_worker_goes_back_to_the_queue():
    lost = _running_since(START, ["first"])
    assert scheduling.rescue_lost_tasks(START + scheduling.RUNNING_LIMIT) == 0
    assert scheduling.rescue_lost_tasks(START + scheduling.RUNNING_LIMIT + MINUTE) == 1
    lost.refresh_from_db()
    assert lost.status == TaskResultStatus.READY


def test_a_task_that_ended_three_workers_is_given_up():
    lost = _running_since(START, ["first", "second", "third"])
    now = START + scheduling.RUNNING_LIMIT + MINUTE
    scheduling.rescue_lost_tasks(now)
    lost.refresh_from_db()
    assert (lost.status, lost.finished_at) == (TaskResultStatus.FAILED, now)


def test_a_stuck_run_holds_up_its_next_turn_for_five_minutes_only():
    _running_since(START, ["first"])
    assert tick(START + 2 * MINUTE) == []
    assert tick(START + 6 * MINUTE) == [sweep.module_path]


def test_the_workers_silence_is_the_time_since_it_last_finished_something():
    assert scheduling.worker_silence(START) is None
    tick(START)
    finish_all()
    assert scheduling.worker_silence(START + 7 * MINUTE) == 7 * MINUTE

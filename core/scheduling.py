"""What happens by itself, and when: every job is a task put on the queue when it is due.

The queue's own table remembers when a job last ran, so a stopped installation catches up by
itself: at the first tick whatever is overdue is enqueued once. Jobs must be idempotent; two
installations ticking on one database may enqueue a job twice, never skip it.

An app adds a job in its ``AppConfig.ready``:
``register(sweep_deadlines, every=timedelta(minutes=1))``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

# Longer than any task of ours runs; a row RUNNING for longer belongs to a worker that died.
RUNNING_LIMIT = timedelta(minutes=30)
# A job still RUNNING after this long no longer holds up its next turn.
JOB_LIMIT = timedelta(minutes=5)
# A task that took its worker with it this often is not tried again.
MOST_WORKERS = 3
# The tick comes every 60 seconds, give or take; without slack a job due every minute skips.
SLACK = timedelta(seconds=5)


@dataclass(frozen=True)
class Job:
    task: Task
    every: timedelta

    @property
    def path(self) -> str:
        return self.task.module_path


_jobs: dict[str, Job] = {}


def register(task: Task, *, every: timedelta) -> None:
    """Run a task without arguments once per period. Registering again changes the period."""
    job = Job(task, every)
    _jobs[job.path] = job


def registered() -> list[Job]:
    return list(_jobs.values())


def tick(now: datetime) -> list[str]:
    """Enqueue every job that is due and rescue lost tasks; the paths of what was enqueued."""
    rescue_lost_tasks(now)
    due = due_jobs(now)
    for job in due:
        job.task.enqueue()
    return [job.path for job in due]


def due_jobs(now: datetime) -> list[Job]:
    """Jobs whose period has passed since they were last enqueued and that are not waiting."""
    rows = DBTaskResult.objects.filter(task_path__in=_jobs)
    last = dict(rows.order_by().values_list("task_path").annotate(Max("enqueued_at")))
    at_work = Q(status=TaskResultStatus.RUNNING, started_at__gt=now - JOB_LIMIT)
    waiting = set(rows.filter(at_work | Q(status=TaskResultStatus.READY)).values_list("task_path", flat=True))
    return [job for job in registered() if job.path not in waiting and _is_due(job, last.get(job.path), now)]


def _is_due(job: Job, last: datetime | None, now: datetime) -> bool:
    return last is None or last + job.every - SLACK <= now


def rescue_lost_tasks(now: datetime) -> int:
    """Give tasks of dead workers back to the queue; how many were RUNNING for too long.

    The queue itself leaves them RUNNING for ever.
    """
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - RUNNING_LIMIT)
    count = 0
    for result in lost:
        hopeless = len(result.worker_ids) >= MOST_WORKERS
        result.status = TaskResultStatus.FAILED if hopeless else TaskResultStatus.READY
        result.finished_at = now if hopeless else None
        result.save(update_fields=["status", "finished_at"])
        count += 1
    return count


def worker_silence(now: datetime) -> timedelta | None:
    """How long the worker has finished nothing; ``None`` when it never has."""
    last = DBTaskResult.objects.aggregate(last=Max("finished_at"))["last"]
    return None if last is None else now - last

"""Health for load balancers and monitors. Says what is wrong, never what is inside."""

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.release import pending_migrations
from core.scheduling import worker_silence

# The schedule gives the worker something to do every minute; five missed turns are a failure.
LONGEST_SILENCE = timedelta(minutes=5)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so a slow database never restarts the web server."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and background worker; 503 when one of them is not as it must be."""
    checks = {"database": _outcome(_database_answers)}
    if checks["database"] == "ok":
        checks["migrations"] = _outcome(lambda: not pending_migrations())
        checks["worker"] = _outcome(_worker_is_alive)
    ready = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse({"status": "ok" if ready else "failed", "checks": checks}, status=200 if ready else 503)


def _outcome(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except DatabaseError:
        return "failed"


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _worker_is_alive() -> bool:
    silence = worker_silence(timezone.now())
    return silence is not None and silence <= LONGEST_SILENCE

"""``manage.py run``: the whole installation under one process."""

import socket
import sys
import threading
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from core import scheduling
from core.accounts import DEMO_PASSWORD
from core.models import RoleAssignment
from core.permissions import Role
from core.release import prepare
from core.supervisor import Child, Supervisor

READY_SECONDS = 60


class Command(BaseCommand):
    help = "Prepare the database and files, then run web server, background worker and schedule until stopped."

    # Two checks of five seconds each would double the second start; migrations are looked at by prepare().
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: $PORT or 8000")
        parser.add_argument("--bind", default=settings.BIND, help="default: $BIND or 127.0.0.1")

    def handle(self, *, port: int, bind: str, **options: object) -> None:
        _require_free(bind, port)
        self._prepare()
        connections.close_all()
        supervisor = Supervisor([web(bind, port), worker()], tick=tick)
        self._say("Starting the web server and the background worker")
        threading.Thread(target=self._announce, args=[bind, port, supervisor], daemon=True).start()
        status = supervisor.run()
        self._say("Stopped")
        sys.exit(status)

    def _prepare(self) -> None:
        try:
            prepare(demo=settings.LOAD_DEMO, say=self._say)
        except (CommandError, DatabaseError, OSError) as problem:
            hint = "HINT:  nothing was started; mend the cause and run this again, finished steps are kept"
            raise CommandError(f"The installation could not be prepared: {problem}\n{hint}") from problem

    def _say(self, text: str) -> None:
        self.stdout.write(f"==> {text}")
        self.stdout.flush()

    def _announce(self, bind: str, port: int, supervisor: Supervisor) -> None:
        """Print the address once the site answers."""
        host = "localhost" if bind in ("127.0.0.1", "0.0.0.0", "::") else bind  # noqa: S104  a comparison
        url = f"http://{host}:{port}"
        for _attempt in range(READY_SECONDS * 2):
            if supervisor.stopping.wait(0.5):
                return
            if _answers(f"http://127.0.0.1:{port}/healthz" if host == "localhost" else f"{url}/healthz"):
                break
        self.stdout.write(
            "\n".join(["", f"Suara Layanan: {url}/", f"Staff:         {url}/admin/", *demo_accounts(), ""])
        )
        self.stdout.flush()


def web(bind: str, port: int) -> Child:
    """One process with 32 threads: slow phones hold threads, not processors.

    Renditions of images are served by the web server itself; originals and documents are not,
    they go through Wagtail's permission checks.
    """
    images = Path(settings.MEDIA_ROOT) / "images"
    images.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("granian")),
        "--interface=wsgi",
        "--workers=1",
        "--blocking-threads=32",
        f"--host={bind}",
        f"--port={port}",
        "--no-ws",
        "--log-level=error",
        "--respawn-failed-workers",
        f"--static-path-route={settings.MEDIA_URL}images",
        f"--static-path-mount={images}",
        "cms.wsgi:application",
    ]
    return Child("web", command)


def worker() -> Child:
    manage = str(settings.BASE_DIR / "manage.py")
    return Child("worker", [sys.executable, manage, "db_worker", "--queue-name=*", "--no-reload", "--skip-checks"])


def tick() -> None:
    """One turn of the schedule, in the supervisor's own thread and connection."""
    close_old_connections()
    scheduling.tick(timezone.now())


def demo_accounts() -> list[str]:
    """One line per demo role and account, for the person who started the server.

    ``demo-…`` accounts only fill the stories of the demo and are left out.
    """
    rows = RoleAssignment.objects.filter(user__is_demo=True, user__is_active=True)
    rows = rows.exclude(user__username__startswith="demo-").select_related("user", "agency", "region")
    if not rows:
        return []
    lines = [f"  {Role(row.role).value:<15} {row.user.username:<24} {row.agency or row.region}" for row in rows]
    return ["", f"Demo accounts (password: {DEMO_PASSWORD}):", *lines]


def _require_free(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as problem:
            hint = "HINT:  choose another port: PORT=8001 script/server"
            raise CommandError(f"Cannot listen on {bind}:{port} ({problem.strerror}).\n{hint}") from problem


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  our own address
            return response.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False

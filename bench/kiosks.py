"""What both measurements of devices share: an installation with enrolled devices, a server, and clients that send.

Importing it sets Django up on the database named in DATABASE_URL; ``bench/replay.py`` and ``bench/kill.py`` start it as
a process of its own per database.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
os.environ.setdefault("DEMO", "false")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from surveys.models import Device, Response, ServicePoint  # noqa: E402
from surveys.services.devices import enrol, issue_code  # noqa: E402
from surveys.services.kiosk import form_for  # noqa: E402
from tests.surveys.factories import ELEMENTS_2017, SurveyFactory, make_point  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent


def make_point_with_survey() -> ServicePoint:
    """An empty installation with one survey at one counter."""
    call_command("migrate", verbosity=0)
    return make_point(SurveyFactory(title="Survei"))


def make_devices(point: ServicePoint, number: int) -> list[tuple[str, str]]:
    """Token and form token of each."""
    found, now = [], timezone.now()
    for place in range(number):
        device = Device.objects.create(service_point=point, name=f"Kios {place + 1}")
        _device, token = enrol(code=issue_code(device=device, now=now), now=now)
        found.append((token, form_for(device=Device.objects.for_sending().get(pk=device.pk), now=now)))
    return found


def make_items(form: str, number: int, seed: int) -> list[dict]:
    """Finished answers as a device keeps them, one in ten with a comment."""
    rng, now = random.Random(seed), int(time.time() * 1000)
    items = []
    for place in range(number):
        fields = {f"e_{code}": [str(rng.randint(2, 4))] for code in ELEMENTS_2017}
        if place % 10 == 0:
            fields["comment"] = ["Pelayanan cepat dan petugas ramah."]
        key = str(UUID(int=rng.getrandbits(128), version=4))
        items.append({
            "key": key, "form": form, "language": "id", "captured_at": now - rng.randrange(1, 36_000_000), "age": None,
            "seconds": rng.randint(30, 200), "service": "", "fields": fields,
        })  # fmt: skip
    return items


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(workers: int) -> Iterator[tuple[int, subprocess.Popen]]:
    """The web server kept running as ``manage.py run`` does it, with ``workers`` processes; yields port and process."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface=wsgi", f"--workers={workers}",
        "--blocking-threads=16", "--host=127.0.0.1", f"--port={port}", "--no-ws", "--log-level=critical",
        "--respawn-failed-workers", "cms.wsgi:application",
    ]  # fmt: skip
    keeper = f"from core.supervisor import *; Supervisor([Child('web', {command!r})]).run()"
    process = subprocess.Popen([sys.executable, "-c", keeper], cwd=ROOT)
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()


def _wait_for(port: int) -> None:
    for _attempt in range(900):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("the server did not start")


class Sender:
    """One device on one kept connection. ``send`` gives the results, or raises OSError like a network that is gone."""

    def __init__(self, port: int, token: str):
        self.port, self.headers = port, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.connection: http.client.HTTPConnection | None = None

    def send(self, items: list[dict]) -> list[dict]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = json.dumps({"sent_at": int(time.time() * 1000), "items": items})
        try:
            self.connection.request("POST", "/q/kirim/", body, self.headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        return json.loads(text)["results"]

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def stored_receipts() -> dict[str, str]:
    """Receipt by key, for every stored answer."""
    return {str(key): receipt for key, receipt in Response.objects.values_list("key", "receipt").iterator()}

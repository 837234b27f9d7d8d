"""Showing and sending the survey form beside a stock Wagtail form page of fourteen fields, on the same server line.

    .venv/bin/python -m bench.forms [--seconds 10]
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.forms

Both are served by gunicorn (or, with ``--server granian``, by the product's own server) with 2 workers of 4 threads and
asked by 8 threads of this process, one after the other, on databases that reach the disk with every commit. All guards
are on; only their limits are widened, as on a campaign day. The floor is one insert with hand-checked answers. Requests
per second are of this machine; the ratios decide.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

os.environ["SURVEY_TRAFFIC"] = "1000000"

from bench.setting import prepare

FOLDER = prepare()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.answers import office  # noqa: E402
from bench.peers.floor_fields import FIELDS  # noqa: E402
from surveys.models import Response, ServicePoint  # noqa: E402
from surveys.tokens import new_token  # noqa: E402

THREADS, PORT = 8, 8911
SERVERS = {
    "gunicorn": ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind",
                 f"127.0.0.1:{PORT}", "--keep-alive", "30", "--log-level", "error"],
    "granian": ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--port", str(PORT),
                "--no-ws", "--log-level", "error"],
}  # fmt: skip
COMMENT = "Pelayanan cepat, ruang tunggu panas, parkir sempit."
Ask = Callable[[http.client.HTTPConnection], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--server", choices=SERVERS, default="gunicorn")
    given = parser.parse_args()
    seconds, server = given.seconds, partial(served, SERVERS[given.server])
    call_command("migrate", verbosity=0)
    made = office()
    # As published: the row made above does not know its version yet.
    point = ServicePoint.objects.select_related("survey").get(pk=made.points[0].pk)
    url = f"/q/{point.code}/"
    found = {}
    with server("cms.wsgi:application"):
        size = len(gzip.compress(body_of(url)))
        found["show"] = rate(show(url), seconds)
        before = Response.objects.count()
        found["submit"] = rate(submit(url, point), seconds)
        stored = Response.objects.count() - before
    with server("bench.peers.floor:application"):
        found["floor"] = rate(post("/take", {**scores(), "comment": COMMENT}), seconds)
    environment = {"DATABASE_URL": peer_database(), "DJANGO_SETTINGS_MODULE": "bench.peers.stock.settings"}
    subprocess.run([sys.executable, "-m", "bench.peers.stock.prepare"], env={**os.environ, **environment}, check=True)
    with server("bench.peers.stock.wsgi:application", environment):
        found["stock show"] = rate(show("/survei/"), seconds)
        found["stock submit"] = rate(post("/survei/", *stock_form()), seconds)
    report(found, size, stored)


def scores() -> dict[str, str]:
    return {f"e_{name}": str(1 + place % 4) for place, name in enumerate(FIELDS)}


# --- What is asked ----------------------------------------------------------------------------


def show(url: str) -> Ask:
    def ask(line: http.client.HTTPConnection) -> int:
        line.request("GET", url)
        return finished(line)

    return ask


def post(url: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Ask:
    body = urlencode(fields)

    def ask(line: http.client.HTTPConnection) -> int:
        line.request("POST", url, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})
        return finished(line)

    return ask


def submit(url: str, point: ServicePoint) -> Ask:
    """Every post is a form of its own, shown a minute ago."""
    shown, version = timezone.now() - timedelta(minutes=1), point.survey.current_version_id

    def ask(line: http.client.HTTPConnection) -> int:
        token = str(new_token(version_id=version or 0, point_id=point.pk, now=shown))
        return post(url, {**scores(), "website": "", "token": token})(line)

    return ask


def stock_form() -> tuple[dict[str, str], dict[str, str]]:
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    line.request("GET", "/survei/")
    answer = line.getresponse()
    html, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").split(";")[0]
    names = re.findall(r'name="([^"]+)"', html)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    fields = dict.fromkeys(names, "3") | {"saran": COMMENT, "csrfmiddlewaretoken": token.group(1) if token else ""}
    return fields, {"Cookie": cookie}


def finished(line: http.client.HTTPConnection) -> int:
    answer = line.getresponse()
    answer.read()
    return answer.status


def body_of(url: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", PORT)
    line.request("GET", url)
    return line.getresponse().read()


# --- Asking -----------------------------------------------------------------------------------


def rate(ask: Ask, seconds: float) -> float:
    """Requests a second by eight askers; refuses to count an error."""
    stop, counts, bad = time.perf_counter() + seconds, [0] * THREADS, []

    def work(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while time.perf_counter() < stop:
            status = ask(line)
            counts[number] += 1
            if status not in {200, 302, 303}:
                bad.append(status)

    warm = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    for _ in range(10):
        ask(warm)
    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not bad, f"answers with status {set(bad)}"
    return sum(counts) / (time.perf_counter() - start)


@contextmanager
def served(line: list[str], application: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    command = [sys.executable, "-m", *line, application]
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    try:
        _wait()
        yield
    finally:
        # With its workers: a graceful end waits for connections that our threads keep open.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def _wait() -> None:
    for _ in range(240):
        try:
            body_of("/")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The server did not start.")


def peer_database() -> str:
    """A second, empty database beside ours."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{FOLDER / 'stock.sqlite3'}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE bench_stock")
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/bench_stock").geturl()


def report(found: dict[str, float], size: int, stored: int) -> None:
    print(f"{connection.vendor}; requests per second")
    for name, value in found.items():
        print(f"{name:<14}{value:>9.1f}")
    print(f"show / stock    {found['show'] / found['stock show']:>8.1f} x     (target 20)")
    print(f"submit / stock  {found['submit'] / found['stock submit']:>8.1f} x     (target 5)")
    print(f"submit / floor  {found['submit'] / found['floor']:>8.2f} x     (target 0.6)")
    print(f"page compressed {size / 1000:>8.1f} kB   answers stored {stored}")


if __name__ == "__main__":
    main()

"""Filing a complaint and one step of it beside django-helpdesk 2.6, in turns; then filing and whole lives over HTTP.

    .venv/bin/python -m bench.cases [--rounds 5] [--times 40] [--cases 4]
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.cases

The peer is installed into an environment of its own in a folder that is gone afterwards. Both are asked in one process
each through the whole stack (middleware, form, guards, database, answer) by Django's test client; statements are those
of one request with its sessions and transactions. A step is "answer the reporter" here, "resolve with a comment" there.
Over HTTP both file behind gunicorn with two workers of four threads, asked by eight, in turns.
``--cases`` fills 10^n cases first; a life is file, verify, forward, accept, answer, track and confirm, seven posts,
sent by eight threads to a server with two workers. CPU milliseconds are nearly free of the machine's other work; ratios
decide.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bench.setting import prepare

FOLDER = prepare()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.desk import Desk  # noqa: E402
from bench.filings import filings_per_second  # noqa: E402
from bench.lives import lives_per_second  # noqa: E402
from bench.serving import Server, served  # noqa: E402
from bench.wide import widen  # noqa: E402
from tests.postgres import free_port  # noqa: E402

PEER = Path(__file__).parent / "peers" / "ticket_desk.py"
PACKAGES = ("django-helpdesk==2.6.*", "django==5.2.*", "psycopg[binary]==3.*", "gunicorn")


class Peer:
    """django-helpdesk behind a pipe."""

    def __init__(self) -> None:
        home = FOLDER / "helpdesk"
        subprocess.run([sys.executable, "-m", "venv", home / "env"], check=True)
        python = home / "env" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, stderr=subprocess.DEVNULL)
        self.environment = {"HELPDESK_FOLDER": str(home), "PYTHONPATH": str(PEER.parent)}
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE helpdesk")
            self.environment["HELPDESK_DATABASE"] = os.environ["DATABASE_URL"]
        self.python = python
        # fmt: off
        self.process = subprocess.Popen([python, PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        cwd="/", env={**os.environ, **self.environment})
        # fmt: on
        self._read()

    def __call__(self, action: str, times: int) -> dict[str, float]:
        self.process.stdin.write(f"{action} {times}\n")
        self.process.stdin.flush()
        return json.loads(self._read())

    def served(self) -> AbstractContextManager[Server]:
        """Its own server on the database of this process."""
        return served("gunicorn", "ticket_desk:application", free_port(), self.environment, self.python)

    def _read(self) -> str:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("The peer has stopped.")
        return line

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def measured(actions: Iterator[Callable[[], object]], times: int) -> dict[str, float]:
    work = [next(actions) for _ in range(times)]
    started, cpu = time.perf_counter(), time.process_time()
    for action in work:
        action()
    found = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu, "times": times}
    last = next(actions)
    with CaptureQueriesContext(connection) as seen:
        last()
    return {**found, "queries": len(seen)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument(
        "--cases", type=int, nargs="*", default=[4], help="powers of ten for the lives; none: leave out"
    )
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--without-peer", action="store_true")
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    widen()
    desk = Desk()
    if given.cases:
        desk.sow()
    peer = None if given.without_peer else Peer()
    ours = {"file": desk.filings(), "move": desk.answers(), "file, service": desk.service_filings(),
            "move, service": desk.service_answers()}  # fmt: skip
    found: dict[str, list[dict[str, float]]] = {}
    for turn in range(given.rounds + 1):
        for name, actions in ours.items():
            result = measured(actions, given.times)
            found.setdefault(name, []).extend([result] if turn else [])
        for name in ("file", "move"):
            if not peer:
                break
            result = peer(name, given.times)
            found.setdefault(f"peer: {name}", []).extend([result] if turn else [])
    over_http = filings_per_second(desk, peer.served() if peer else None, given.rounds)
    if peer:
        peer.stop()
    print(f"{connection.vendor}, medians of {given.rounds} rounds of {given.times}")
    print(f"{'':<16}{'per second':>12}{'CPU ms':>10}{'statements':>12}")
    for name, results in found.items():
        rate, cpu = middle(results, per_second), middle(results, cpu_ms)
        print(f"{name:<16}{rate:>12.1f}{cpu:>10.1f}{results[-1]['queries']:>12}")
    for name, rates in over_http.items():
        rate, cpu = (statistics.median(values) for values in zip(*rates, strict=True))
        print(f"{name:<16}{rate:>12.1f}{cpu:>10.1f}")
    for power in given.cases:
        desk.fill(10**power)
        lives = lives_per_second(desk, given.seconds)
        print(f"lives over HTTP at 10^{power} cases: {lives.per_second:.1f} a second, {lives.cpu:.0f} ms CPU each")


def per_second(result: dict[str, float]) -> float:
    return result["times"] / result["seconds"]


def cpu_ms(result: dict[str, float]) -> float:
    return result["cpu"] * 1000 / result["times"]


def middle(results: list[dict[str, float]], value: Callable[[dict[str, float]], float]) -> float:
    return statistics.median(map(value, results))


if __name__ == "__main__":
    main()

"""Processes die under load: is every answer there that got its receipt?

    python -m bench.kill                          40 s of load, both databases
    python -m bench.kill --seconds 12 sqlite

Devices send without a pause while web workers are killed with SIGKILL, on PostgreSQL also the whole database server,
which is then started again on the files it left. A client that gets no receipt sends the same batch again, as the
kiosk does. Afterwards every receipt is looked up, and every answer has to be there once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from bench.databases import Postgres, Sqlite, database, processes_below

DATABASE_DOWN = 1.0  # seconds
# The web server takes quicker deaths for a fault that comes back, and gives up.
BETWEEN_DEATHS = 4.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return load(options)
    return max(run_apart(kind, options) for kind in options.databases)


def run_apart(kind: str, options: argparse.Namespace) -> int:
    """The load runs in a process with Django; this one holds the database and kills."""
    with database(kind) as made:
        signal_file = Path(made.url.removeprefix("sqlite:///") if kind == "sqlite" else made.data).with_name("server")
        numbers = ["--seconds", str(options.seconds), "--clients", str(options.clients), "--batch", str(options.batch)]
        command = [sys.executable, "-m", "bench.kill", "--inside", str(signal_file), *numbers, kind]
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": made.url})
        killed = Counter()
        while process.poll() is None and not signal_file.exists():
            time.sleep(0.1)
        # The last stretch is quiet: what is looked up at the end must not be killed itself.
        end = time.monotonic() + options.seconds - 2 * BETWEEN_DEATHS
        while process.poll() is None and time.monotonic() < end:
            time.sleep(BETWEEN_DEATHS)
            kill_one(int(signal_file.read_text()), made, killed)
        status = process.wait()
        print(f"{kind:<10} killed: {dict(killed)}", flush=True)
        return status


def kill_one(server: int, made: Sqlite | Postgres, killed: Counter) -> None:
    if isinstance(made, Postgres) and sum(killed.values()) % 3 == 2:
        made.kill()
        killed["database server"] += 1
        time.sleep(DATABASE_DOWN)
        made.start()
        return
    workers = processes_below(server)
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(workers), signal.SIGKILL)
            killed["web worker"] += 1


def load(options: argparse.Namespace) -> int:
    from bench import kiosks  # noqa: PLC0415  sets Django up on this process's database

    devices = kiosks.make_devices(kiosks.make_point_with_survey(), options.clients)
    receipts: dict[str, str] = {}
    counts: Counter[str] = Counter()

    def send_on(seed: int, token: str, form: str) -> None:
        sender, number = kiosks.Sender(port, token), 0
        while time.monotonic() < end:
            items = kiosks.make_items(form, options.batch, seed * 100_000 + number)
            number += 1
            counts["sent"] += len(items)
            for item, result in zip(items, insist(sender, items, counts), strict=True):
                counts[result["status"]] += 1
                if result["receipt"]:
                    receipts[item["key"]] = result["receipt"]

    with kiosks.server(2) as (port, process):
        options.inside.write_text(str(process.pid))
        end = time.monotonic() + options.seconds
        threads = [
            threading.Thread(target=send_on, args=(seed, token, form)) for seed, (token, form) in enumerate(devices)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    from django.db import connections  # noqa: PLC0415  the server was replaced under the first connection

    connections.close_all()
    if connections["default"].vendor == "postgresql":
        connections["default"].close_pool()
    stored = kiosks.stored_receipts()
    lost = [key for key, receipt in receipts.items() if stored.get(key) != receipt]
    report = {"sent": counts["sent"], "receipts": len(receipts), "lost": len(lost), "stored": len(stored)}
    print(f"{options.databases[0]:<10} {json.dumps(report)}; results {dict(counts)}", flush=True)
    return 0 if not lost and len(stored) == counts["sent"] == len(receipts) and not counts["refused"] else 1


def insist(sender, items: list[dict], counts: Counter) -> list[dict]:
    """Until there is an answer; two minutes without one mean that something does not come back."""
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up:
        try:
            return sender.send(items)
        except OSError:
            counts["tried again"] += 1
            time.sleep(0.2)
    raise SystemExit("no answer for two minutes")


if __name__ == "__main__":
    sys.exit(main())

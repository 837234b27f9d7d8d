"""A day offline ends for every kiosk at once: how long until all kept answers are stored, and is each there once?

    python -m bench.replay                         20,000 answers, both databases
    python -m bench.replay --answers 2000 sqlite

Real server processes with the durable settings of production. Several devices send batches at the same time; every
tenth batch is sent a second time, as after a receipt that was lost on its way. Prints one line per database.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence

from bench.databases import database


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return measure(options)
    return max(run_apart(kind, sys.argv[1:]) for kind in options.databases)


def run_apart(kind: str, arguments: Sequence[str]) -> int:
    """Django is set up once per process, so each database gets a process of its own."""
    numbers = [text for text in arguments if text not in ("sqlite", "postgresql")]
    with database(kind) as made:
        command = [sys.executable, "-m", "bench.replay", "--inside", *numbers, kind]
        environment = {**os.environ, "DATABASE_URL": made.url}
        return subprocess.run(command, env=environment, check=False).returncode


def measure(options: argparse.Namespace) -> int:
    from bench import kiosks  # noqa: PLC0415  sets Django up on this process's database

    devices = kiosks.make_devices(kiosks.make_point_with_survey(), options.clients)
    share = options.answers // options.clients
    loads = [kiosks.make_items(form, share, seed) for seed, (_token, form) in enumerate(devices)]
    counts: Counter[str] = Counter()
    slowest: list[float] = []
    with kiosks.server(options.workers) as (port, _process):
        began = time.perf_counter()
        senders = [kiosks.Sender(port, token) for token, _form in devices]
        threads = [
            threading.Thread(target=drain, args=(sender, items, options.batch, counts, slowest))
            for sender, items in zip(senders, loads, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
    wanted = {item["key"] for items in loads for item in items}
    stored = kiosks.stored_receipts()
    missing, foreign = len(wanted - set(stored)), len(set(stored) - wanted)
    slowest.sort()
    print(
        f"{options.databases[0]:<10} {len(wanted)} answers by {options.clients} devices in batches of {options.batch}: "
        f"{took:.1f} s, {len(wanted) / took:.0f}/s; stored {len(stored)}, missing {missing}, foreign {foreign}; "
        f"results {dict(counts)}; batch p50 {slowest[len(slowest) // 2]:.2f} s, "
        f"p99 {slowest[int(len(slowest) * 0.99)]:.2f} s",
        flush=True,
    )
    is_good = not (missing or foreign or counts["error"] or counts["refused"]) and counts["stored"] == len(wanted)
    return 0 if is_good else 1


def drain(sender, items: list[dict], size: int, counts: Counter, slowest: list[float]) -> None:
    batches = [items[first : first + size] for first in range(0, len(items), size)]
    for number, batch in enumerate(batches):
        for _time in range(2 if number % 10 == 1 else 1):
            began = time.perf_counter()
            try:
                counts.update(result["status"] for result in sender.send(batch))
            except OSError as error:
                counts["error"] += 1
                print(error, file=sys.stderr)
            slowest.append(time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())

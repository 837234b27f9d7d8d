"""Databases for a measurement: as durable as in production, in a folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import postgres

# What makes a receipt a promise. The tests' own cluster switches all three off.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "256MB",
}


class Sqlite:
    """One file; the pragmas come from the settings (WAL, synchronous=FULL)."""

    name = "sqlite"

    def __init__(self, folder: Path):
        self.url = f"sqlite:///{folder / 'bench.sqlite3'}"

    def stop(self) -> None:
        """A file needs no farewell."""


class Postgres:
    """A cluster that can be killed like a power cut and started again on what it left."""

    name = "postgresql"

    def __init__(self, folder: Path):
        self.programs = postgres.server_programs()
        if self.programs is None:
            raise postgres.PostgresMissing("no initdb found")
        self.user, self.data, self.port = postgres._unprivileged_user(), folder / "data", postgres.free_port()
        postgres._hand_over(folder, self.user)
        arguments = ["-D", self.data, "-U", "suara", "-A", "trust", "-E", "UTF8"]
        postgres._run([self.programs / "initdb", *arguments], self.user)
        self.url = f"postgres://suara@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self) -> None:
        fast, postgres.FAST = postgres.FAST, DURABLE
        try:
            self.server = postgres._start(self.programs, self.data, self.port, self.user)
        finally:
            postgres.FAST = fast

    def kill(self) -> None:
        """SIGKILL to the server and every process of it."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        postgres._stop(self.server)


@contextlib.contextmanager
def database(kind: str) -> Iterator[Sqlite | Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="suara-bench-"))
    made = None
    try:
        made = {"sqlite": Sqlite, "postgresql": Postgres}[kind](folder)
        yield made
    finally:
        if made is not None:
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def processes_below(pid: int) -> list[int]:
    """Children of a process, their children included (Linux)."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    children = [int(text) for text in found.stdout.split()]
    return [*children, *(below for child in children for below in processes_below(child))]

"""Seconds of CPU, which tell more than the clock on the wall of a busy machine."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from django.db import connection

# Places in ``/proc/<pid>/stat`` from the parent's id on: the parent, and the time of children that have ended.
PARENT, OF_CHILDREN = 0, slice(12, 14)


def server_seconds() -> float:
    """What this connection's PostgreSQL server has used so far, all its processes; SQLite works in our own process."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    try:
        server = _figures(connection.connection.info.backend_pid)[PARENT]
        ended = sum(_figures(server)[OF_CHILDREN]) / os.sysconf("SC_CLK_TCK")
    except OSError:
        # The server runs on another machine.
        return 0.0
    # Of processes that have ended only the server knows.
    return ended + sum(_running(path.name, server) for path in Path("/proc").glob("[0-9]*"))


def _figures(pid: int | str) -> list[int]:
    """The numbers behind the state in ``/proc/<pid>/stat``."""
    return list(map(int, Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1:]))


def _running(pid: str, server: int) -> float:
    with contextlib.suppress(OSError):
        if _figures(pid)[PARENT] != server:
            return 0.0
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    return 0.0


def seconds() -> float:
    """CPU of this process and of its database."""
    return time.process_time() + server_seconds()

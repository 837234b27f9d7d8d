"""Seconds of CPU, which tell more than the clock on the wall of a busy machine."""

from __future__ import annotations

import time
from pathlib import Path

from django.db import connection


def server_seconds() -> float:
    """What this connection's PostgreSQL process has used so far; SQLite works in our own process."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    try:
        text = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        # The server runs on another machine.
        return 0.0
    return int(text.split()[0]) / 1e9


def seconds() -> float:
    """CPU of this process and of its database."""
    return time.process_time() + server_seconds()

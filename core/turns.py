"""Taking turns at writing to SQLite.

SQLite lets one connection write at a time and has the others sleep and look again, longer each time: under load the
lock lies idle while everybody sleeps, and some wait for a second. Threads of a process wait here for each other,
processes by a lock on a file beside the database; the system wakes whoever is next at once. Writers that do not come
this way are still kept out by SQLite itself.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection

_threads = threading.Lock()


@contextmanager
def turn_to_write() -> Iterator[None]:
    """The only short write of this machine while it lasts; nothing on PostgreSQL and inside a transaction, which has
    its turn already."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or connection.in_atomic_block or "mode=memory" in name:
        yield
        return
    with _threads:
        file = _lock_file(name)
        # A lock of the process, not of the opened file: workers forked from one parent do not share it.
        fcntl.lockf(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN)


@cache
def _lock_file(database: str) -> int:
    """Opened once and never closed: closing it would give the lock up."""
    return os.open(f"{database}-turns", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

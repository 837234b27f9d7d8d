"""A PostgreSQL cluster of our own for one test run, and nothing left of it afterwards.

Also a command: ``python -m tests.postgres COMMAND …`` runs the command with ``DATABASE_URL``
set to a fresh cluster, e.g. ``python -m tests.postgres .venv/bin/pytest --part postgres tests/core``.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SERVER_USERS = ("postgres", "nobody")  # initdb refuses root
START_SECONDS = 60
# Nothing in a test database is worth a disk flush.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # A plan with a way forbidden looks so dear that every statement would be compiled first: half a second each.
    "jit": "off",
    # Two workers, each with a hundred officers at one case.
    "max_connections": "300",
}


class PostgresMissing(Exception):
    """The machine has no PostgreSQL server programs, or they do not start."""


def server_programs() -> Path | None:
    """The directory of ``initdb`` and ``postgres``: on PATH, else the newest Debian version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest_first = sorted(versions, key=lambda path: int(path.parts[-3].split(".")[0]), reverse=True)
    return newest_first[0].parent if newest_first else None


@contextlib.contextmanager
def temporary_cluster() -> Iterator[str]:
    """Start a cluster in a temporary directory; yields its ``DATABASE_URL``."""
    programs = server_programs()
    if programs is None:
        raise PostgresMissing("no initdb found")
    user = _unprivileged_user()
    directory = Path(tempfile.mkdtemp(prefix="suara-pg-"))
    server = None
    try:
        _hand_over(directory, user)
        data = directory / "data"
        _run([programs / "initdb", "-D", data, "-U", "suara", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        port = free_port()
        server = _start(programs, data, port, user)
        yield f"postgres://suara@127.0.0.1:{port}/postgres"
    finally:
        _stop(server)
        shutil.rmtree(directory, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in SERVER_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresMissing("initdb refuses root and there is neither a user postgres nor nobody")


def _hand_over(directory: Path, user: pwd.struct_passwd | None) -> None:
    if user:
        os.chown(directory, user.pw_uid, user.pw_gid)


def _as(user: pwd.struct_passwd | None) -> dict:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _run(command: list, user: pwd.struct_passwd | None) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **_as(user))
    if done.returncode:
        raise PostgresMissing(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def _start(programs: Path, data: Path, port: int, user: pwd.struct_passwd | None) -> subprocess.Popen:
    options = [f"-c{name}={value}" for name, value in FAST.items()]
    log = (data.parent / "log").open("wb")
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", data.parent, *options],
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **_as(user),
    )
    probe = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _attempt in range(START_SECONDS * 5):
        if subprocess.run(probe, check=False).returncode == 0:
            return server
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.2)
            break
    _stop(server)
    raise PostgresMissing(f"postgres did not start: {(data.parent / 'log').read_text()[-500:]}")


def _stop(server: subprocess.Popen | None) -> None:
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)  # fast shutdown: open sessions are cut
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _raise_exit(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def stop_cleanly_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into ``SystemExit`` so that the cluster is removed."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_exit)


if __name__ == "__main__":
    stop_cleanly_on_signals()
    with temporary_cluster() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        raise SystemExit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)

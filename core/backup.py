"""One file that restores an installation: database and uploaded files, without secrets.

SQLite is copied with ``VACUUM INTO``, which is consistent while people write; a plain copy of
the file is not. PostgreSQL is dumped with ``pg_dump``. Keys are left out on purpose: a stolen
backup must not open the sealed identities, so keep ``.env`` elsewhere.
"""

import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

FILES = ("media", "private")


class BackupFailed(Exception):
    """The database could not be copied; nothing was written."""


def write_backup(directory: Path, now: datetime) -> Path:
    """Write ``suara-YYYYMMDD-HHMMSS.tar.gz`` (mode 0600) into the directory; its path.

    Raises ``BackupFailed`` when the database cannot be copied.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"suara-{now:%Y%m%d-%H%M%S}.tar.gz"
    unfinished = target.with_suffix(".unfinished")
    with tempfile.TemporaryDirectory(dir=directory) as work:
        database = copy_database(Path(work))
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            archive.add(database, arcname=database.name)
            for name, root in zip(FILES, (settings.MEDIA_ROOT, settings.PRIVATE_ROOT), strict=True):
                if Path(root).exists():
                    archive.add(root, arcname=name)
    unfinished.rename(target)
    return target


def copy_database(directory: Path) -> Path:
    if connection.vendor == "sqlite":
        return _vacuum_into(directory / "suara.sqlite3")
    return _pg_dump(directory / "suara.pgdump")


def _vacuum_into(target: Path) -> Path:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    return target


def _pg_dump(target: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed("pg_dump is not installed; apt-get install postgresql-client")
    chosen = connection.settings_dict
    command = [program, "--format=custom", "--no-owner", f"--file={target}", f"--dbname={chosen['NAME']}"]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if chosen[key]:
            command.append(f"{option}={chosen[key]}")
    environment = {**os.environ, "PGPASSWORD": str(chosen["PASSWORD"] or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(done.stderr.strip())
    return target


def remove_old(directory: Path, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups; what was deleted."""
    old = sorted(directory.glob("suara-*.tar.gz"))[:-keep]
    for path in old:
        path.unlink()
    return old

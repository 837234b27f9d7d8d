"""Test databases made by copying a migrated template, never by migrating twice.

Migrating takes 15-25 seconds, copying a file a millisecond. The template is kept under
``var/test`` (SQLite) or on the server (PostgreSQL) and named after a hash of everything that
can change it; a lock lets parallel workers and parallel runs share one migration.

``python -m tests.databases`` makes the template of DATABASE_URL ahead of the tests.

A transactional test is followed by a fresh copy instead of a flush: the rows that migrations
made (Wagtail's root page, site and locale) and append-only triggers both survive.
"""

import contextlib
import fcntl
import gc
import hashlib
import os
import sqlite3
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES_KEPT = 3
# Whatever can change what ``migrate`` leaves behind.
KEY_PATTERNS = (
    "requirements.txt",
    "cms/settings/*.py",
    "*/migrations/*.py",
    "*/apps.py",
    "*/triggers.py",
)


def template_key() -> str:
    digest = hashlib.sha256()
    paths = sorted(path for pattern in KEY_PATTERNS for path in ROOT.glob(pattern))
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def test_directory() -> Path:
    directory = Path(settings.VAR_DIR) / "test"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@contextlib.contextmanager
def locked(name: str):
    """Hold a lock shared by all test processes of this checkout."""
    with (test_directory() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


class Snapshots:
    """States of a worker's database that are kept under a name."""

    def begin_with(self, snapshot: str, build) -> None:
        """Make the database what ``build`` makes of it; built once, copied afterwards."""
        if snapshot in self.snapshots:
            self.restore(snapshot)
            return
        build()
        self.save(snapshot)


class SqliteDatabase(Snapshots):
    """One file per worker; snapshots are files copied through SQLite's backup call."""

    def __init__(self, name: str):
        self.path = test_directory() / f"{name}.sqlite3"
        self.template = test_directory() / f"template-{template_key()}.sqlite3"
        self.snapshots = {"template": self.template}
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options.get("init_command", "") + "PRAGMA synchronous=OFF;"
        connection.settings_dict["CONN_MAX_AGE"] = 0

    def create(self) -> None:
        self.ensure_template()
        self._use(self.path)
        self.restore()

    def ensure_template(self) -> None:
        with locked("template"):
            if not self.template.exists():
                self._build_template()

    def _build_template(self) -> None:
        unfinished = self.template.with_suffix(".new")
        self._remove(unfinished)
        self._use(unfinished)
        migrate()
        unfinished.rename(self.template)
        templates = sorted(test_directory().glob("template-*.sqlite3"), key=lambda path: path.stat().st_mtime)
        for old in templates[:-TEMPLATES_KEPT]:
            old.unlink(missing_ok=True)

    def restore(self, snapshot: str = "template") -> None:
        """Make the database equal to the snapshot, whoever still has it open."""
        connections.close_all()
        self._copy(self.snapshots[snapshot], self.path)

    def save(self, snapshot: str) -> None:
        connections.close_all()
        self.snapshots[snapshot] = self.path.with_suffix(f".{snapshot}")
        self._copy(self.path, self.snapshots[snapshot])

    def drop(self) -> None:
        connections.close_all()
        extra = [path for name, path in self.snapshots.items() if name != "template"]
        for path in [self.path, *extra]:
            self._remove(path)

    @staticmethod
    def _use(path: Path) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = str(path)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(target, timeout=20)) as new,
        ):
            new.execute("PRAGMA synchronous=OFF")
            old.backup(new)

    @staticmethod
    def _remove(path: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


class PostgresDatabase(Snapshots):
    """One database per worker, created from a template database on the same server."""

    def __init__(self, name: str):
        self.name = f"suara_{name}"
        self.snapshots = {"template": f"suara_template_{template_key()}"}
        self.server = dict(connection.settings_dict)
        self.server["OPTIONS"] = {
            key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"
        }
        # A pool would keep connections open and forbid dropping the database.
        connection.settings_dict["OPTIONS"] = self.server["OPTIONS"]
        connection.settings_dict["CONN_MAX_AGE"] = 0

    def create(self) -> None:
        self.ensure_template()
        connection.settings_dict["NAME"] = self.name
        self.restore()

    def ensure_template(self) -> None:
        with locked("template-postgres"):
            if not self._exists(self.snapshots["template"]):
                self._build_template()

    def _build_template(self) -> None:
        unfinished = f"{self.snapshots['template']}_new"
        self._sql(f'DROP DATABASE IF EXISTS "{unfinished}"', f'CREATE DATABASE "{unfinished}"')
        connections.close_all()
        connection.settings_dict["NAME"] = unfinished
        migrate()
        for old in self._names("suara_template_%"):
            if old != unfinished:
                self._sql(f'DROP DATABASE IF EXISTS "{old}"')
        self._sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.snapshots["template"]}"')

    def restore(self, snapshot: str = "template") -> None:
        self._replace(self.name, self.snapshots[snapshot])

    def save(self, snapshot: str) -> None:
        self.snapshots[snapshot] = f"{self.name}_{snapshot}"
        self._replace(self.snapshots[snapshot], self.name)

    def drop(self) -> None:
        connections.close_all()
        for name, database in self.snapshots.items():
            if name != "template":
                self._drop(database)
        self._drop(self.name)

    def _replace(self, target: str, source: str) -> None:
        connections.close_all()
        self._drop(target)
        self._sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def _drop(self, name: str) -> None:
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _exists(self, name: str) -> bool:
        return name in self._names(name)

    def _names(self, pattern: str) -> list[str]:
        with self._server() as server:
            rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
            return [row[0] for row in rows]

    def _sql(self, *statements: str) -> None:
        with self._server() as server:
            for statement in statements:
                server.execute(statement)

    def _server(self):
        return psycopg.connect(
            dbname=self.server["NAME"] or "postgres",
            user=self.server["USER"] or None,
            password=self.server["PASSWORD"] or None,
            host=self.server["HOST"] or None,
            port=self.server["PORT"] or None,
            autocommit=True,
        )


def test_database(worker: str, *, reuse: bool):
    """The database object of this worker; ``reuse`` gives it a name that outlives the run."""
    name = f"test_{worker}" if reuse else f"test_{worker}_{os.getpid()}"
    kind = SqliteDatabase if connection.vendor == "sqlite" else PostgresDatabase
    return kind(name)


if __name__ == "__main__":
    django.setup()
    # As in tests/conftest.py; migrating makes and drops twenty thousand classes.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    test_database("template", reuse=False).ensure_template()

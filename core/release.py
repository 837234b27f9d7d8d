"""Bring an installation up to the code that is about to run: database, reference data, files.

Each step first asks cheaply whether there is anything to do, so a second start costs a second
or two. Stamps of finished steps lie under ``var/stamps``; removing that folder is harmless and
only repeats idempotent work.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path

import brotli
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.models import Agency, Region

Say = Callable[[str], None]
# Rows every installation needs, loaded in this order by commands that only add or update.
REFERENCE_COMMANDS = ("load_reference", "sync_roles")
COMPRESSED = {".css", ".js", ".svg", ".json", ".txt", ".html"}
SMALLEST_COMPRESSED = 500  # bytes; below, the header outweighs the gain


def prepare(*, demo: bool, say: Say) -> None:
    """Migrate, load reference data, load the demo into an empty installation, collect files."""
    migrated = migrate(say=say)
    load_reference(force=migrated, say=say)
    if demo:
        load_demo_once(say=say)
    if collect_static():
        say("Collected and compressed static files")


def migrate(*, say: Say) -> bool:
    """Apply what is missing; whether anything was."""
    if not pending_migrations():
        return False
    say("Migrating the database (about 20 seconds the first time)")
    call_command("migrate", interactive=False, verbosity=0)
    return True


def pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def load_reference(*, force: bool, say: Say) -> None:
    """Load ``fixtures/`` when it, or the code that loads it, changed."""
    wanted = fingerprint(settings.FIXTURES_ROOT.rglob("*"), settings.BASE_DIR.glob("*/management/commands/*.py"))
    stamp = _database_stamp("reference")
    if not force and _read(stamp) == wanted:
        return
    say("Loading reference data")
    for command in REFERENCE_COMMANDS:
        if command in get_commands():
            call_command(command, verbosity=0, stdout=StringIO())
    _write(stamp, wanted)


def load_demo_once(*, say: Say) -> None:
    """Load the demo unless it was loaded before or real agencies are at work here."""
    stamp = _database_stamp("demo")
    has_demo = Agency.objects.filter(is_demo=True).exists()
    if (has_demo and _read(stamp)) or _is_for_real():
        return
    if "load_demo" not in get_commands():
        return
    say("Loading the demo content (once)")
    call_command("load_demo", verbosity=0)
    _write(stamp, "loaded")


def _is_for_real() -> bool:
    """A region was opened by ``start_region``, or real agencies are at work here."""
    opened = Region.objects.filter(site__isnull=False, is_demo=False)
    return opened.exists() or Agency.objects.exclude(region__is_demo=True).exists()


def collect_static() -> bool:
    """Collect static files and compress them; whether there was anything to do.

    Our own few public files get brotli and gzip. The admin's get gzip only: brotli on all of
    them costs a minute at the first start and staff fetch them once.
    """
    root = Path(settings.STATIC_ROOT)
    own = [directory for app in apps.get_app_configs() for directory in own_static(app.path)]
    storage = str(settings.STORAGES["staticfiles"])
    wanted = fingerprint([settings.BASE_DIR / "requirements.txt"], *own, salt=storage)
    stamp = root / ".collected"
    if _read(stamp) == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    for path in root.rglob("*"):
        if path.is_file() and path.suffix in COMPRESSED and path.stat().st_size >= SMALLEST_COMPRESSED:
            compress(path, strongly="wagtail" not in path.relative_to(root).parts[0])
    _write(stamp, wanted)
    return True


def own_static(app_path: str) -> list[Iterable[Path]]:
    path = Path(app_path)
    return (
        [(path / "static").rglob("*")] if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts else []
    )


def compress(path: Path, *, strongly: bool) -> None:
    """Write ``path.gz`` (and ``path.br``), which WhiteNoise sends to browsers that accept them."""
    body = path.read_bytes()
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(body, compresslevel=9 if strongly else 6, mtime=0))
    if strongly:
        path.with_name(path.name + ".br").write_bytes(brotli.compress(body))


def fingerprint(*groups: Iterable[Path], salt: str = "") -> str:
    """A hash of names and contents of files."""
    digest = hashlib.sha256(salt.encode())
    for path in sorted(path for group in groups for path in group if path.is_file()):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _database_stamp(name: str) -> Path:
    """Stamps about rows belong to one database, so their name carries a hash of its address."""
    chosen = connection.settings_dict
    address = "|".join(str(chosen[key]) for key in ("ENGINE", "HOST", "PORT", "NAME"))
    return settings.VAR_DIR / "stamps" / f"{name}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def _write(stamp: Path, text: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(text)

"""A database of its own for one run: call ``prepare()`` before anything of Django's is imported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory(prefix="suara-bench-")


def prepare() -> Path:
    """SQLite in a folder that is removed afterwards, or what DATABASE_URL says; the folder."""
    folder = Path(_FOLDER.name)
    os.environ["VAR_DIR"] = str(folder)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
    import django  # noqa: PLC0415 - after the environment it reads
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    # Pages name their styles by hash.
    call_command("collectstatic", interactive=False, verbosity=0)
    return folder

"""A database of its own for one run: call ``prepare()`` before anything of Django's is imported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory(prefix="suara-bench-")


def prepare() -> Path:
    """SQLite in a folder that is removed afterwards, or what DATABASE_URL says; the folder."""
    folder = Path(_FOLDER.name)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
    import django  # noqa: PLC0415 - after the environment it reads

    django.setup()
    return folder

"""Load the survey instruments of ``fixtures/instruments.json``; safe to run at every start."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from surveys.services.instruments import load_instruments


class Command(BaseCommand):
    help = "Load survey instruments (idempotent); a version in use is never changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, default=Path(settings.FIXTURES_ROOT) / "instruments.json")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_instruments(instruments=json.loads(options["file"].read_text(encoding="utf-8")))
        self.stdout.write(
            f"{len(loaded.created)} created, {len(loaded.updated)} updated, {len(loaded.unchanged)} unchanged"
        )
        if loaded.refused:
            raise CommandError(
                f"In use, therefore not changed: {', '.join(loaded.refused)}. Give the new content a code of its own."
            )

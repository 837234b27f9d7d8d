"""``manage.py backup DIRECTORY``: database and files in one archive."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.backup import BackupFailed, remove_old, write_backup


class Command(BaseCommand):
    help = "Write suara-<time>.tar.gz (database, media, private files; no keys) while the site runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all but the newest N backups")

    def handle(self, *, directory: Path, keep: int, **options: object) -> None:
        if keep < 0:
            raise CommandError("--keep must be 0 (keep all) or more.")
        try:
            path = write_backup(directory, timezone.localtime())
        except (BackupFailed, OSError) as problem:
            raise CommandError(f"No backup was written: {problem}") from problem
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
        for old in remove_old(directory, keep) if keep else []:
            self.stdout.write(f"removed {old.name}")

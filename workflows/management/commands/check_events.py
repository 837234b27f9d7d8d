"""Check the event log: every chain, every text, every published root."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflows.services.proofs import check_log, fix_roots


class Command(BaseCommand):
    help = "Recompute the chains of all cases and the daily roots; name the first row that does not fit (exit code 1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix-roots", action="store_true", help="first fix the roots of days that have ended")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["fix_roots"]:
            self.stdout.write(f"{fix_roots(now)} roots fixed")
        row = check_log(now)
        if row.first_bad:
            raise CommandError(f"First bad row: {row.first_bad}")
        self.stdout.write(f"{row.cases} cases, {row.events} events: unbroken")

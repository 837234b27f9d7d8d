"""Count every running clock again and list each stored date that differs; exit code 1 when there is one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflows.services.verification import verify_deadlines


class Command(BaseCommand):
    help = "Compare all stored deadlines with a new count from events, limits and calendars."

    def handle(self, *args: Any, **options: Any) -> None:
        check = verify_deadlines(timezone.now())
        for found in check.examples:
            self.stdout.write(f"{found['case']} {found['clock']}: stored {found['stored']}, counted {found['counted']}")
        self.stdout.write(f"{check.checked} checked, {check.differences} differ")
        if check.differences:
            raise CommandError(f"{check.differences} deadlines differ", returncode=1)

"""``manage.py load_reference``: the rows every installation needs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# Each only adds or supersedes; none touches what staff changed.
COMMANDS = ("load_instruments", "load_calendars", "load_categories")


class Command(BaseCommand):
    help = "Load instruments, calendars, time limits and categories from fixtures/. Running it again changes nothing."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        for name in COMMANDS:
            call_command(name, verbosity=verbosity, stdout=self.stdout)

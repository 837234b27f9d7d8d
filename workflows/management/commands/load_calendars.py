"""Load the reference calendars, office hours and time limits."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.services.calendars import load_calendars
from workflows.services.policies import load_sla_policies


class Command(BaseCommand):
    help = "Load holidays, office hours and time limits from fixtures/. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = load_calendars()
        changed["limits"] = load_sla_policies()
        for kind, number in changed.items():
            self.stdout.write(f"{kind}: {number}")

"""Load the reference calendars, office hours, time limits and reminder rules."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.services.calendars import load_calendars
from workflows.services.policies import load_escalation_rules, load_sla_policies


class Command(BaseCommand):
    help = "Load holidays, office hours, limits and reminder rules from fixtures/. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = load_calendars()
        changed["limits"] = load_sla_policies()
        changed["reminders"] = load_escalation_rules()
        for kind, number in changed.items():
            self.stdout.write(f"{kind}: {number}")

"""``manage.py after_restore``: hold the messages of a restored database, and decide about them."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from core import restoring

DECISIONS: dict[str, tuple[Callable[[datetime], int], str]] = {
    "hold": (restoring.hold_waiting, "held"),
    "send": (restoring.send_held, "will be sent"),
    "discard": (restoring.discard_held, "discarded"),
}


class Command(BaseCommand):
    help = (
        "Run once after a backup was put back and before the site starts: messages not marked as sent in the backup "
        "may have gone out since, so they are held. Later decide with --send or --discard."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--send", dest="decision", action="store_const", const="send", help="send what is held")
        chosen.add_argument(
            "--discard", dest="decision", action="store_const", const="discard", help="never send what is held"
        )

    def handle(self, *, decision: str | None, **options: object) -> None:
        decide, done = DECISIONS[decision or "hold"]
        self.stdout.write(f"messages {done}: {decide(timezone.now())}")
        for kind in restoring.held_by_kind():
            day = timezone.localtime(kind.since).date()
            self.stdout.write(f"  waiting for a decision: {kind.number} {kind.template} ({kind.channel}), from {day}")

"""``manage.py load_categories``: the common list of topics."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.services.categories import load_categories


class Command(BaseCommand):
    help = "Load the topics of complaints from fixtures/. Running it again changes nothing."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        added = load_categories()
        if verbosity:
            self.stdout.write(f"Topics: {added} added.")

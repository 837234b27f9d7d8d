"""``manage.py prepare``: everything an upgrade needs before the web server starts."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from core.release import prepare


class Command(BaseCommand):
    help = "Migrate, load reference data, collect static files; each step only when something changed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", default=settings.LOAD_DEMO, help="load the demo content")

    def handle(self, *, demo: bool, **options: object) -> None:
        prepare(demo=demo, say=lambda text: self.stdout.write(f"==> {text}"))

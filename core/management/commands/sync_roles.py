"""Derive Wagtail's groups and rights from the role assignments."""

from typing import Any

from django.core.management.base import BaseCommand

from core.services import sync_roles


class Command(BaseCommand):
    help = "Make groups, section rights and memberships agree with the role assignments. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        report = sync_roles()
        if options["verbosity"]:
            self.stdout.write(f"roles: {report.created} rows created, {report.deleted} deleted")

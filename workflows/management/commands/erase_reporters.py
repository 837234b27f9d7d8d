"""Erase what the retention rules no longer let us keep, or one reporter's data on request; print the proof."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workflows.actors import SYSTEM
from workflows.models import Complaint, ErasureReport
from workflows.services.erasure import erase_due, erase_reporter


class Command(BaseCommand):
    help = "Erase reporters' data by the retention rules, or of one case; the proof report as JSON lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", help="one case by its number")
        parser.add_argument("--reason", default="", help="why, with --case")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["case"]:
            self._one(options["case"], options["reason"])
        else:
            erase_due(now)
        reports = ErasureReport.objects.filter(at__gte=now).select_related("complaint").order_by("pk")
        for row in reports:
            line = {"case": row.complaint.reference, "erased": row.erased, "left": row.left}
            self.stdout.write(json.dumps(line))
        if any(not row.is_clean for row in reports):
            raise CommandError("Something was left; see the report.")

    def _one(self, reference: str, reason: str) -> None:
        case = Complaint.objects.filter(reference=reference).first()
        if case is None or not reason:
            raise CommandError("Give the number of a case and --reason.")
        erase_reporter(complaint_id=case.pk, actor=SYSTEM, reason=reason)

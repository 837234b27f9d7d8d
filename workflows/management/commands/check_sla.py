"""Run a file of deadline cases through the engine."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.sla_cases import Outcome, run_cases


class Command(BaseCommand):
    help = "Check deadline cases in the format of tests/data/sla_cases.json; exit code 1 when one fails."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        failed = 0
        outcomes = self._outcomes(file)
        for outcome in outcomes:
            if outcome.mismatch:
                failed += 1
                self.stdout.write(f"{outcome.case_id}: {outcome.mismatch}")
        self.stdout.write(f"{len(outcomes) - failed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)

    def _outcomes(self, file: Path) -> list[Outcome]:
        try:
            return list(run_cases(json.loads(file.read_text(encoding="utf-8-sig"))))
        except OSError as error:
            raise CommandError(f"cannot read {file}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(f"{file} is no case file: {error}") from error

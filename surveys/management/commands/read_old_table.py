"""Name the rule of weight and rounding behind a printed table of an old report."""

from __future__ import annotations

from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.oldtables import PrintedTable, Reading, read_table


def number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise CommandError(f"Not a number: {text}") from error


class Command(BaseCommand):
    help = "Given the printed NRR per element and the NI or index, name the rules that give it. Nothing is stored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("nrr", nargs="+", type=number, help="means as printed, with all their decimals")
        parser.add_argument("--ni", type=number)
        parser.add_argument("--index", type=number)
        parser.add_argument("--scale", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        table = PrintedTable(tuple(options["nrr"]), options["ni"], options["index"], options["scale"])
        try:
            reading = read_table(table)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines_of(reading)))


def lines_of(reading: Reading) -> list[str]:
    lines = [
        f"{row.weight.value:<16}{row.rounding.value:<12}NI {row.ni}  index {row.index}" for row in reading.fitting
    ] or ["No known rule gives this table."]
    if reading.contradicts:
        lines.append("The printed NI and the printed index contradict each other.")
    return [*lines, f"Tolerance of the printed means: {reading.tolerance} points"]

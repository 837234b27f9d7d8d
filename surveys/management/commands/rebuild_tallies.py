"""Count the tallies anew from the answers, or only say where they differ.

Not needed in daily work: new answers are added every minute. Days on the command line are inclusive on both ends and
widen to whole months.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.models import Region
from surveys.models import Survey
from surveys.services import tallies

# A report names the first of them; the number says how bad it is.
SHOWN = 20


class Command(BaseCommand):
    help = "Recount the stored tallies from the answers. --check compares, writes nothing, and fails where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only")
        parser.add_argument("--region", metavar="CODE")
        parser.add_argument("--survey", metavar="SLUG", help="the months in which this survey has answers")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = _chosen(options)
        if options["check"]:
            self._check(chosen)
            return
        months = tallies.rebuild(**chosen)
        folded = tallies.fold(now=timezone.now())
        self.stdout.write(f"{months} months counted anew, {folded} new answers added.")

    def _check(self, chosen: dict[str, Any]) -> None:
        found = list(tallies.differences(**chosen))
        for month, key, stored, counted in found[:SHOWN]:
            names = {name for name in stored | counted if stored.get(name) != counted.get(name)}
            numbers = ", ".join(
                f"{name} {stored.get(name, 0)} not {counted.get(name, 0)}" for name in sorted(names)[:5]
            )
            place = " ".join(str(value) for value in key.values() if value)
            self.stdout.write(f"{month.key}  {place}: {numbers}")
        if found:
            raise CommandError(f"{len(found)} cells differ from the answers. Run rebuild_tallies without --check.")
        self.stdout.write("Every cell equals the answers.")


def _chosen(options: dict[str, Any]) -> dict[str, Any]:
    first, last = options["first"], options["last"]
    region = _one(Region, "code", options["region"])
    survey = _one(Survey, "slug", options["survey"])
    if survey is not None:
        days = tallies.days_of(survey)
        if days is None:
            raise CommandError(f"The survey {survey.slug} has no answers.")
        region, first, last = survey.agency.region, max(first or days[0], days[0]), min(last or days[1], days[1])
    return {"region": region, "start": first, "end": last + timedelta(days=1) if last else None}


def _one(model: Any, field: str, value: str | None) -> Any:
    if value is None:
        return None
    found = model.objects.filter(**{field: value}).first()
    if found is None:
        raise CommandError(f"No {model._meta.model_name} is called {value}.")
    return found

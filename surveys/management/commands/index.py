"""Print the satisfaction index of an agency, service or region.

Days on the command line are inclusive on both ends; inside, periods are half-open. Figures are exact: decimals are
rounded half up once, and ``index_exact`` is the fraction they come from.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.models import Agency, Region, Service
from surveys.index import Compose
from surveys.models import Survey
from surveys.selectors.groups import GROUPINGS, Grouped, grouped_for
from surveys.selectors.index import Subject
from surveys.selectors.report import as_data, as_table

COMPOSE_CHOICES = [rule.value for rule in Compose]


class Command(BaseCommand):
    help = (
        "Satisfaction index with n, totals, means per element, grade and quality flags. --from and --to are inclusive."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agency", metavar="CODE")
        parser.add_argument("--service", metavar="CODE", help="service code, or AGENCY/CODE where it is not unique")
        parser.add_argument("--region", metavar="CODE")
        parser.add_argument("--survey", metavar="SLUG")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--by", choices=GROUPINGS, help="one figure per group and their mean as well")
        parser.add_argument("--min-n", type=int, default=1, metavar="N", help="n a unit needs to enter a mean")
        parser.add_argument("--compose", choices=COMPOSE_CHOICES, help="default: region mean, everything else pooled")
        parser.add_argument("--format", choices=["json", "table"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = _subject(options)
        first, last = options["first"], options["last"]
        if first and last and last < first:
            raise CommandError("--to is before --from.")
        grouped = grouped_for(
            subject=subject,
            start=first,
            end=last + timedelta(days=1) if last else None,
            compose=Compose(options["compose"]) if options["compose"] else None,
            by=options["by"],
            minimum=options["min_n"],
        )
        self.stdout.write(_printed(subject, grouped, options["format"]))


def _printed(subject: Subject, grouped: Grouped, form: str) -> str:
    data = as_data(subject, grouped)
    return json.dumps(data, ensure_ascii=False, indent=2) if form == "json" else as_table(data)


def _subject(options: dict[str, Any]) -> Subject:
    region = _one(Region.objects.all(), options["region"], "region")
    agency = _agency(options["agency"], region)
    service = _service(options["service"], agency, region)
    survey = _survey(options["survey"])
    if not any((region, agency, service, survey)):
        raise CommandError("Say whose index: --agency, --service, --region or --survey.")
    # With an agency or service the region only tells equal codes apart.
    narrowed = agency or service
    return Subject(agency=agency, service=service, region=None if narrowed else region, survey=survey)


def _one(rows: Any, code: str | None, kind: str) -> Any:
    """The only row with this code; an error names what there is."""
    if code is None:
        return None
    found = list(rows.filter(code__iexact=code)[:20])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"More than one {kind} has the code {code}: {', '.join(map(_candidate, found))}")
    known = ", ".join(rows.order_by("code").values_list("code", flat=True).distinct()[:50]) or "none"
    raise CommandError(f"No {kind} has the code {code}. Known: {known}")


def _candidate(row: Any) -> str:
    if isinstance(row, Service):
        return f"{row.agency.code}/{row.code} ({row.name})"
    return f"{row.code} ({row})"


def _agency(code: str | None, region: Region | None) -> Agency | None:
    rows = Agency.objects.select_related("region")
    return _one(rows.filter(region=region) if region else rows, code, "agency")


def _service(code: str | None, agency: Agency | None, region: Region | None) -> Service | None:
    rows = Service.objects.select_related("agency")
    if region:
        rows = rows.filter(agency__region=region)
    if agency:
        rows = rows.filter(agency__in=Agency.objects.within(agency))
    if code and "/" in code:
        owner, code = code.split("/", 1)
        rows = rows.filter(agency__code__iexact=owner)
    return _one(rows, code, "service")


def _survey(slug: str | None) -> Survey | None:
    if slug is None:
        return None
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        known = ", ".join(Survey.objects.order_by("slug").values_list("slug", flat=True)[:50]) or "none"
        raise CommandError(f"No survey has the slug {slug}. Known: {known}")
    return survey

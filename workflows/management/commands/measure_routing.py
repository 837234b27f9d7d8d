"""``manage.py measure_routing [--region CODE]``: what routing rules and the classifier are worth on past cases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.models import Region
from workflows.models import RoutingModel
from workflows.routing import dry_run, read_rules
from workflows.selectors.routing import past_cases, rules_in_force
from workflows.services.learning import FEWEST_CASES, WANTED_PRECISION, labelled, learn


class Command(BaseCommand):
    help = (
        "Print coverage and precision of the region's routing rules over its forwarded cases, and of the classifier on"
        " the newest fifth of them, which it has not learned from. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", help="code, e.g. 35.26; without it every region with a complaint desk")
        parser.add_argument(
            "--precision", type=float, default=WANTED_PRECISION, help="share of right ones it must reach"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        regions = Region.objects.filter(complaint_desk__isnull=False).order_by("code")
        if options["region"]:
            regions = regions.filter(code=options["region"])
        if not regions:
            raise CommandError("No such region with a complaint desk.")
        for region in regions:
            self.measure(region, options["precision"])

    def measure(self, region: Region, wanted: float) -> None:
        cases = past_cases(region)
        demo = "; demo data, made up" if region.is_demo else ""
        self.stdout.write(f"{region.full_name}: {len(cases)} forwarded cases{demo}")
        version = rules_in_force(region.pk)
        if version:
            tried = dry_run(read_rules(version.rules), cases)
            self.say(f"rules, version {version.number}", tried.total, tried.matched, tried.right)
        for target in RoutingModel.Target:
            learned = learn(labelled(cases, target), wanted=wanted)
            if learned is None:
                self.stdout.write(f"  classifier, {target}: fewer than {FEWEST_CASES} cases, nothing learned")
                continue
            held_out = learned.held_out
            self.say(f"classifier, {target}, held out", held_out.texts, held_out.suggested, held_out.right)

    def say(self, what: str, cases: int, suggested: int, right: int) -> None:
        coverage = f"{suggested / cases:.1%}" if cases else "–"
        precision = f"{right / suggested:.1%}" if suggested else "–"
        self.stdout.write(
            f"  {what}: {cases} cases, {suggested} suggested, {right} right; coverage {coverage}, precision {precision}"
        )

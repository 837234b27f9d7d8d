"""``manage.py load_demo``: Kabupaten Bangkalan as a walking demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.accounts import DEMO_PASSWORD
from core.models import Region
from home.demo import complaints, content, desk, people, responses, results, surveys
from home.places import load_places

DEFAULT_SEED = 3526


class Command(BaseCommand):
    help = (
        "Load the demo region: places, agencies, accounts, pages, surveys with real and made-up answers, complaints. "
        "Running it again adds nothing. --responses and --complaints add that many made-up rows on top."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--responses", type=int, default=0, metavar="N", help="additional made-up answers")
        parser.add_argument("--complaints", type=int, default=0, metavar="N", help="additional made-up complaints")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="same seed, same rows")

    def handle(self, *, verbosity: int, **options: Any) -> None:
        now = timezone.now()
        call_command("load_reference", verbosity=verbosity, stdout=self.stdout)
        region = self._people_and_pages(now)
        self._say("Surveys and answers")
        live = surveys.load_surveys(region, now)
        responses.load_responses(live, now=now, seed=options["seed"], extra=options["responses"])
        results.load_results(region, now=now)
        desk.load_desk(region, now=now, seed=options["seed"])
        self._say("Complaints")
        complaints.load_complaints(region, now=now, seed=options["seed"], extra=options["complaints"])
        call_command("update_index", verbosity=0)
        self._say_accounts()

    def _people_and_pages(self, now: Any) -> Region:
        self._say("Places and agencies")
        load_places()
        region = _demo_region()
        people.load_agencies(region)
        people.load_people(region)
        self._say("Pages")
        content.load_content(region, now)
        return region

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")

    def _say_accounts(self) -> None:
        self.stdout.write(f"Demo accounts, password “{DEMO_PASSWORD}”:")
        for account in people.DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.username:<12} {account.name}")


def _demo_region() -> Region:
    """The region of the demo, marked as such; a region that real people work in is never made one."""
    region = Region.objects.get(code=people.DEMO_REGION)
    if region.site and not region.is_demo:
        raise CommandError(f"{region.full_name} is a real region here: demo data would mix with it.")
    region.is_demo = True
    region.save(update_fields=["is_demo"])
    return region

"""``manage.py start_region``: begin with a real regency or city."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core.models import Region, User
from home.founding import Administrator, FoundingError, found_region, open_agency_pages


class Command(BaseCommand):
    help = (
        "Open a region without demo data: its places, its site with the first pages, its first administrator. "
        "Running it again keeps what exists and prints a new link while the account has no password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", required=True, help="code of the regency or city, e.g. 35.26")
        parser.add_argument("--admin", required=True, metavar="USERNAME", help="username of the first administrator")
        parser.add_argument("--email", required=True, help="e-mail address of that person")
        parser.add_argument("--name", default="", help="full name of that person")
        parser.add_argument("--address", default=settings.BASE_URL, help="address of the site (default: BASE_URL)")
        parser.add_argument("--agency-pages", action="store_true", help="open a page for each agency that has none")

    def handle(self, *, code: str, address: str, agency_pages: bool, **options: Any) -> None:
        call_command("load_reference", verbosity=0, stdout=StringIO())
        person = Administrator(username=options["admin"], email=options["email"], name=options["name"])
        try:
            region, user = found_region(code=code, administrator=person, address=address)
        except FoundingError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{region.full_name}: {_counts(region)}")
        if agency_pages:
            self.stdout.write(f"Agency pages opened: {open_agency_pages(region=region)}")
        self._say_link(user, address)

    def _say_link(self, user: User, address: str) -> None:
        if user.has_usable_password():
            self.stdout.write(f"Administrator {user.username}: signs in with the password chosen before.")
            return
        self.stdout.write(f"Administrator {user.username}: choose a password here, once, within three days:")
        self.stdout.write(address.rstrip("/") + _password_path(user))


def _counts(region: Region) -> str:
    villages = region.districts.values("villages").count()
    return f"{region.districts.count()} districts, {villages} villages, {region.agencies.count()} agencies"


def _password_path(user: User) -> str:
    """The same link the sign-in page sends by mail; it dies with the first password or after PASSWORD_RESET_TIMEOUT."""
    token = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})

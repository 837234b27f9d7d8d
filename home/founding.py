"""Open a region for real: places, its site with the first pages, the first administrator. No demo data."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Site

from cms.models import AgencyIndexPage, AgencyPage
from core.models import Region, User
from core.permissions import Role
from core.services import assign_role, sync_roles
from home.pages import build_site, publish_once
from home.places import load_places


class FoundingError(Exception):
    """Why a region cannot be opened here, in words for the person at the keyboard."""


@dataclass(frozen=True)
class Administrator:
    """Who gets the first account; an existing account is matched by its username and keeps its password."""

    username: str
    email: str
    name: str = ""


@transaction.atomic
def found_region(*, code: str, administrator: Administrator, address: str) -> tuple[Region, User]:
    """Open the region with this code at this address. Safe to repeat: what exists stays as it is.

    Raises ``FoundingError`` for an unknown code, a demo region, a taken address or somebody else's account.
    """
    load_places()
    region = _region(code, address)
    build_site(region, address=address)
    user = _account(administrator)
    assign_role(user=user, role=Role.REGIONAL_ADMIN, region=region)
    # The page rights of the role hang on the site, which may be newer than the role.
    sync_roles()
    return region, user


@transaction.atomic
def open_agency_pages(*, region: Region) -> int:
    """Publish a page with the name of each agency of the region that has none; returns how many were new."""
    directory = AgencyIndexPage.objects.child_of(region.site.root_page).get()
    without = list(region.agencies.filter(page__isnull=True))
    for agency in without:
        slug = slugify(agency.short_name or agency.name)
        # Two units may share a short name; the code tells them apart.
        for address in (slug, slugify(f"{slug} {agency.code}")):
            if publish_once(directory, AgencyPage(title=agency.name, slug=address, agency=agency)):
                break
    sync_roles()
    return len(without)


def _region(code: str, address: str) -> Region:
    region = Region.objects.exclude(kind=Region.Kind.PROVINCE).filter(code=code).first()
    if region is None:
        raise FoundingError(f"No regency or city has the code {code}. fixtures/ holds those of East Java, e.g. 35.26.")
    if region.is_demo:
        raise FoundingError(f"{region.full_name} holds demo data here. Begin with an empty database and DEMO=0.")
    if region.site is None and _is_taken(address):
        raise FoundingError(f"Another region's site has the address {address}. Give this one its own with --address.")
    return region


def _is_taken(address: str) -> bool:
    host = urlsplit(address).hostname or "localhost"
    return Site.objects.filter(hostname=host, region__isnull=False).exists()


def _account(wanted: Administrator) -> User:
    user = User.objects.filter(username=wanted.username).first()
    if user is None:
        return _new_account(wanted)
    if user.is_demo or not user.is_active:
        raise FoundingError(f"The account “{wanted.username}” is a demo account or switched off.")
    if user.email.lower() != wanted.email.lower():
        raise FoundingError(f"The account “{wanted.username}” belongs to another e-mail address.")
    return user


def _new_account(wanted: Administrator) -> User:
    try:
        UnicodeUsernameValidator()(wanted.username)
        validate_email(wanted.email)
    except ValidationError as error:
        raise FoundingError(" ".join(error.messages)) from None
    if User.objects.filter(email__iexact=wanted.email).exists():
        raise FoundingError(f"Another account uses the e-mail address {wanted.email}.")
    user = User(username=wanted.username, email=wanted.email, name=wanted.name or wanted.username)
    # Nobody signs in before the person has chosen a password through the link.
    user.set_unusable_password()
    user.save()
    return user

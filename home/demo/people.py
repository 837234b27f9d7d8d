"""Agencies and demo accounts of Kabupaten Bangkalan.

Its places and districts are real; agencies are typical ones and, but for the eighteen kecamatan,
marked as demo. Accounts with the published password exist only because this was called.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from core.accounts import DEMO_PASSWORD
from core.exchange.imports import run_import
from core.exchange.reading import read_table
from core.exchange.resources import AgencyResource
from core.models import Agency, Region, User
from core.permissions import Role
from core.services import assign_role

DEMO_REGION = "35.26"


@dataclass(frozen=True)
class DemoAccount:
    """One account of the cast; no agency code means the role is held over the region."""

    username: str
    name: str
    role: str
    agency: str = ""


DEMO_ACCOUNTS = (
    DemoAccount("admin", "Admin Kabupaten (demo)", Role.REGIONAL_ADMIN),
    DemoAccount("editor", "Editor Dispendukcapil (demo)", Role.EDITOR, "DUKCAPIL"),
    DemoAccount("verifikator", "Verifikator Pengaduan (demo)", Role.VERIFIER),
    DemoAccount("petugas", "Petugas Dispendukcapil (demo)", Role.LIAISON, "DUKCAPIL"),
    DemoAccount("petugas2", "Petugas PUPR (demo)", Role.LIAISON, "PUPR"),
    DemoAccount("kepala", "Kepala Dispendukcapil (demo)", Role.AGENCY_HEAD, "DUKCAPIL"),
    DemoAccount("auditor", "Auditor Inspektorat (demo)", Role.AUDITOR),
)


def load_agencies(region: Region) -> list[Agency]:
    """The typical agencies of a regency, through the same import a regional administrator uses."""
    table = read_table(Path(settings.FIXTURES_ROOT, "agencies_example.csv").read_bytes())
    report = run_import(AgencyResource(region=region), table, dry_run=False)
    if not report.ok:
        raise ValueError([row.errors for row in report.rows if row.errors])
    # Hospitals, health centres and the service mall stay open on joint leave.
    Agency.objects.filter(region=region, code__in=["RSUD", "PKM-01", "PKM-02", "MPP"]).update(
        joint_leave_observed=False
    )
    return list(Agency.objects.filter(region=region))


@transaction.atomic
def load_people(region: Region) -> list[DemoAccount]:
    """One account per role, all with the published demo password. Existing accounts keep theirs."""
    agencies = {agency.code: agency for agency in Agency.objects.filter(region=region)}
    # Somebody's real account of the same name must not gain a role.
    taken = set(User.objects.filter(is_demo=False).values_list("username", flat=True))
    accounts = [account for account in DEMO_ACCOUNTS if account.username not in taken]
    for account in accounts:
        agency = agencies.get(account.agency)
        user = _demo_user(account, agency or agencies.get("SETDA"))
        area = {"agency": agency} if agency else {"region": region}
        assign_role(user=user, role=account.role, **area)
    return accounts


def _demo_user(account: DemoAccount, agency: Agency | None) -> User:
    user, created = User.objects.get_or_create(
        username=account.username,
        defaults={
            "name": account.name,
            "agency": agency,
            "email": f"{account.username}@demo.invalid",
            "is_demo": True,
        },
    )
    if created:
        user.set_password(DEMO_PASSWORD)
        user.save(update_fields=["password"])
    return user

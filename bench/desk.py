"""A region with its complaint desk, people and offices, and what a measurement asks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from bench.fill import Seeds
from core.backends import StaffBackend
from core.models import Agency, Region, User
from core.permissions import Role
from core.services import assign_role, save_agency
from workflows.form_tokens import new_token
from workflows.models import Complaint, ComplaintDesk
from workflows.services import agency as at_agency
from workflows.services import desk
from workflows.services.calendars import load_calendars
from workflows.services.filing import Draft, submit_complaint
from workflows.services.identity import Identity
from workflows.services.policies import load_sla_policies

WORDS = "Lubang besar di depan pasar sejak dua minggu lalu, sudah dua sepeda motor jatuh di sana."
AGENCIES = 10


class Desk:
    def __init__(self) -> None:
        load_calendars()
        load_sla_policies()
        call_command("load_categories", verbosity=0)
        site = Site.objects.get(is_default_site=True)
        self.region = Region.objects.create(code="35.99", name="Ukur", kind=Region.Kind.REGENCY, site=site)
        self.agencies = [
            save_agency(agency=Agency(region=self.region, name=f"Dinas {n}", short_name=f"D{n}", code=f"d{n}"))
            for n in range(AGENCIES)
        ]
        ComplaintDesk.objects.create(region=self.region, prefix="UKR", coordinator=self.agencies[0])
        self.verifier = self._person("verifier", Role.VERIFIER, region=self.region)
        self.officers = [
            self._person(f"officer{n}", Role.LIAISON, agency=agency) for n, agency in enumerate(self.agencies)
        ]
        self.seeds: Seeds | None = None

    def _person(self, name: str, role: str, **where: Any) -> User:
        user = User.objects.create(username=name, email=f"{name}@example.org", name=name)
        assign_role(user=user, role=role, **where)
        return user

    def sow(self) -> None:
        """Make the cases that ``fill`` copies; before anything else is filed."""
        self.seeds = Seeds(self.region)

    def fill(self, cases: int) -> None:
        """So many cases in all, copied inside the database."""
        assert self.seeds, "sow() first"
        self.seeds.multiply(cases)

    @staticmethod
    def form() -> dict[str, str]:
        return {"token": new_token(), "klass": "complaint", "title": "Jalan berlubang", "body": WORDS,
                "place": "Depan pasar", "email": "sulastri@example.org", "send": "1"}  # fmt: skip

    def filings(self) -> Iterator[Callable[[], object]]:
        """The public form, sent by a browser that has never been here to a server that runs already."""
        address, client = reverse("workflows:complaint_new"), Client(headers={"host": "localhost"})
        while True:
            form = self.form()
            yield lambda form=form: _sent(client, address, form, as_stranger=True)

    def answers(self) -> Iterator[Callable[[], object]]:
        """The office's answer, from the case screen."""
        client = Client(headers={"host": "localhost"})
        client.force_login(self.officers[0])
        while True:
            case = self.in_progress()
            address = reverse("complaints:move", args=[case.reference, "follow_up"])
            form = {"version": case.version, "follow_up-answer": WORDS, "follow_up-no_evidence_reason": WORDS,
                    "anyway": "1"}  # fmt: skip
            # The page after the step would have shown its message.
            client.cookies.pop("messages", None)
            yield lambda address=address, form=form: _sent(client, address, form)

    def service_filings(self) -> Iterator[Callable[[], object]]:
        while True:
            yield self.filed

    def service_answers(self) -> Iterator[Callable[[], object]]:
        while True:
            # A person as a request brings them, rights included.
            case, officer = self.in_progress(), StaffBackend().get_user(self.officers[0].pk)
            details = {"complaint_id": case.pk, "actor": officer, "version": case.version}
            yield lambda details=details: at_agency.follow_up(answer=WORDS, no_evidence_reason=WORDS, **details)

    def filed(self) -> Complaint:
        draft = Draft(title="Jalan berlubang", body=WORDS, identity=Identity(email="sulastri@example.org"))
        return submit_complaint(region=self.region, draft=draft).complaint

    def in_progress(self) -> Complaint:
        case = self.filed()
        desk.verify_complaint(complaint_id=case.pk, actor=self.verifier)
        desk.forward_complaint(complaint_id=case.pk, actor=self.verifier, agency=self.agencies[0])
        return at_agency.accept_complaint(complaint_id=case.pk, actor=self.officers[0])


def _sent(client: Client, address: str, form: dict[str, Any], *, as_stranger: bool = False) -> None:
    if as_stranger:
        client.cookies.clear()
    answer = client.post(address, form)
    assert answer.status_code == 302, (answer.status_code, answer.content[:500])

"""What any list shows can be opened by whom it is shown to, and nothing else is hinted at (rows A6, A8, A13, A19)."""

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.permissions import Role
from tests.cms.factories import make_site
from tests.factories import AgencyFactory, RegionFactory, StaffFactory
from tests.workflows.factories import WORDS, cast_of, kept_file, make_complaint, make_receipt
from tests.workflows.screens import listed
from workflows.actors import ReporterGrant
from workflows.models import Complaint, ComplaintDesk
from workflows.selectors.complaints import case_for
from workflows.selectors.similar_public import similar_public
from workflows.services import conversation
from workflows.services.identity import Identity
from workflows.services.privacy import name_conflict
from workflows.services.publicity import PublicText, publish_case
from workflows.states import Status

pytestmark = pytest.mark.django_db
# A word of one confidential case, and everything private of a published one.
SECRET = "Kerahasiaanku"
PRIVATE = ("Sulastri", "sulastri@example.org", "7890", "Gang Buntu", "Catatan dalam", "Obrolan pribadi", "bukti.pdf")
PEOPLE = ("neighbour", "far_admin", "auditor", "officer", "verifier", "named")


@pytest.fixture
def crowd(region):
    """Cases in every state, a confidential one, one of another region, one about a verifier; and the people."""
    cache.clear()
    make_site(region)
    people, far = cast_of(region), RegionFactory(code="35.27", name="Sampang")
    ComplaintDesk.objects.create(region=far, prefix="SPG")
    own = [make_complaint(status, region=region) for status in Status]
    make_complaint(Status.IN_PROGRESS, region=region, is_confidential=True, title=f"{SECRET} jalan berlubang")
    make_receipt(far)
    people["auditor"] = StaffFactory(username="periksa", grants=[(Role.AUDITOR, region)])
    people["neighbour"] = StaffFactory(username="sebelah", grants=[(Role.LIAISON, AgencyFactory(region=region))])
    people["far_admin"] = StaffFactory(username="jauh", grants=[(Role.REGIONAL_ADMIN, far)])
    people["named"] = StaffFactory(username="tersebut", grants=[(Role.VERIFIER, region)])
    name_conflict(complaint_id=own[0].pk, actor=people["verifier"], user=people["named"])
    return people


def openable(user):
    def opens(case):
        try:
            return bool(case_for(user, case.reference))
        except Complaint.DoesNotExist:
            return False

    return {case.pk for case in Complaint.objects.all() if opens(case)}


def exported(client):
    """The cases of the table for the national system; empty for whom it is closed."""
    answer = client.get(reverse("complaints:sp4n_export", args=["csv"]), {"start": "2026-01-01", "end": "2026-12-31"})
    if answer.status_code != 200:
        return set()
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    references = {cell for row in rows for cell in row}
    return set(Complaint.objects.filter(reference__in=references).values_list("pk", flat=True))


def beside(client, opened):
    """Every case proposed as like one that the person has open, merge candidates among them."""
    found = set()
    for case in Complaint.objects.filter(pk__in=sorted(opened)[:4]):
        shown = client.get(reverse("complaints:similar", args=[case.reference]))
        found |= {other.pk for other in shown.context["similar"]}
    return found


@pytest.mark.parametrize("person", PEOPLE)
def test_a6_every_list_holds_what_opens_and_nothing_else(client, crowd, person):
    user = crowd[person]
    client.force_login(user)
    opened = openable(user)
    assert listed(client) == opened
    assert listed(client, q="berlubang") == opened
    public = set(Complaint.objects.filter(is_confidential=False).values_list("pk", flat=True))
    out = exported(client)
    assert out <= opened & public
    assert bool(out) is (person in {"verifier", "named", "far_admin"})
    assert beside(client, opened) <= opened
    assert {"neighbour": 0, "far_admin": 1}.get(person, len(opened)) == len(opened)


@pytest.mark.portable
def test_a8_a_word_of_a_secret_case_leaves_no_trace(client, crowd, region):
    client.force_login(crowd["neighbour"])
    shown = client.get(reverse("complaints:queue"), {"tab": "all", "q": SECRET})
    assert (shown.context["rows"], set(dict(shown.context["pages"]).values()) - {None, ""}) == ([], set())
    assert not any(count for _tab, _name, count in shown.context["tabs"])
    client.logout()
    nothing, missing = (client.get("/aduan/publik/", {"q": words}) for words in (SECRET, "Kerahasiaanmu"))
    assert nothing.content.replace(SECRET.encode(), b"") == missing.content.replace(b"Kerahasiaanmu", b"")
    assert similar_public(region, title=f"{SECRET} jalan berlubang", body="Jalan berlubang.", category_id=None) == []


@pytest.mark.portable
def test_a19_the_public_reads_checked_words_and_nothing_private(client, crowd, region):
    identity = Identity("Sulastri", "0812-3456-7890", "sulastri@example.org")
    case = make_complaint(Status.IN_PROGRESS, region=region, identity=identity, place="Gang Buntu nomor 7")
    me, officer = ReporterGrant(case.pk), crowd["officer"]
    conversation.send_message(complaint_id=case.pk, actor=me, words="Obrolan pribadi", files=[kept_file()])
    conversation.send_message(complaint_id=case.pk, actor=officer, words="Catatan dalam", is_public=False)
    publish_case(complaint_id=case.pk, actor=crowd["verifier"], text=PublicText("Jalan rusak", "Lubang di jalan."))
    names = ("complaint_new", "public_cases", "statistics", "proofs")
    addresses = [reverse(f"workflows:{name}") for name in names]
    addresses += [reverse("workflows:public_case", args=[case.reference]), "/aduan/statistik/?bentuk=csv"]
    pages = {address: client.get(address) for address in addresses}
    assert {page.status_code for page in pages.values()} == {200}
    told = "".join(page.content.decode() for page in pages.values())
    assert "Lubang di jalan." in told
    private = (*PRIVATE, officer.name, case.body, WORDS)
    assert [words for words in private if words in told] == []
    unpublished = Complaint.objects.exclude(public_entry__isnull=False).values_list("reference", flat=True)
    opened = [one for one in unpublished if client.get(f"/aduan/publik/{one}/").status_code != 404]
    assert opened == []


@pytest.mark.portable
@pytest.mark.parametrize("field", ["about-service", "about-agency", "category", "district"])
def test_a11_a_form_points_at_nothing_of_another_region(client, crowd, region, field):
    from_afar = {
        "about-service": lambda agency: ("about", f"s{agency.services.create(code='x', name='Jauh').pk}"),
        "about-agency": lambda agency: ("about", f"a{agency.pk}"),
        "category": lambda agency: (
            "category",
            agency.region.categories.create(code="jauh", name="Jauh").code,
        ),
        "district": lambda agency: ("district", str(agency.region.districts.create(code="35.27.01", name="Jauh").pk)),
    }
    far = Complaint.objects.get(region__code="35.27").region
    name, value = from_afar[field](AgencyFactory(region=far, code="jauh"))
    token = client.get("/aduan/").context["token"]
    typed = {"klass": "complaint", "title": "Lampu mati", "body": "Lampu jalan mati sejak dua minggu.", "send": "1"}
    before = Complaint.objects.count()
    assert client.post("/aduan/", {**typed, "token": token, name: value}).status_code == 422
    assert Complaint.objects.count() == before

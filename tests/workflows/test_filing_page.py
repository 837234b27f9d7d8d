"""Filing: nothing typed or uploaded is lost, one form is one case, and the receipt shows the code once."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.models import Notification
from core.proofs import is_solved, read_challenge
from tests.factories import DistrictFactory, RegionFactory, ServiceFactory, VillageFactory
from workflows.form_tokens import read_token
from workflows.models import Attachment, Complaint, PendingUpload, Reporter
from workflows.services import throttles
from workflows.services.filing import form_key_of

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
ADDRESS = "/aduan/"
TYPED = {
    "klass": "complaint",
    "title": "Lampu jalan mati",
    "body": "Lampu jalan mati sejak dua minggu lalu, gelap sekali.",
    "send": "1",
}
NOT_SENT = {key: value for key, value in TYPED.items() if key != "send"}


@pytest.fixture
def token(client, website):
    return token_of(client.get(ADDRESS))


def token_of(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def photo(name="foto.jpg", size=(60, 40), **save):
    content = io.BytesIO()
    Image.new("RGB", size, (90, 120, 60)).save(content, "JPEG", **save)
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def pdf(name="surat.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 isi %%EOF", "application/pdf")


def test_a_report_without_a_name_is_a_case_with_a_receipt(client, token):
    answer = client.post(ADDRESS, {**TYPED, "token": token})
    assert answer.status_code == 302
    complaint = Complaint.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert complaint.reference in page
    assert re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", page)
    assert Reporter.objects.get().name_sealed == ""


def test_the_receipt_stands_in_this_browser_only_and_can_be_hidden(client, token):
    client.post(ADDRESS, {**TYPED, "token": token})
    address = reverse("workflows:receipt")
    assert client.get(address).status_code == 200
    assert client.get(address)["Cache-Control"] == "no-store, private"
    assert client.__class__().get(address).status_code == 410
    client.post(address)
    assert client.get(address).status_code == 410


def test_the_same_form_sent_twice_shows_the_same_receipt(client, token):
    pages = []
    for _attempt in range(2):
        client.post(ADDRESS, {**TYPED, "token": token})
        pages.append(re.findall(r'class="code">([^<]+)<', client.get(reverse("workflows:receipt")).content.decode()))
    assert pages[0] == pages[1]
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("bad", ["", "palsu", "a" * 500])
def test_a_forged_token_files_nothing_and_keeps_the_text(bad, client, website):
    answer = client.post(ADDRESS, {**TYPED, "token": bad})
    assert answer.status_code == 422
    assert TYPED["body"] in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("body", "pendek"),
        ("klass", "lain"),
        ("email", "bukan surel"),
        ("phone", "telepon saya"),
        ("incident_on", "2999-01-01"),
        ("district", "999999"),
        ("about", "s999999"),
        ("website", "https://iklan.example"),
    ],
)
def test_a_wrong_field_gets_a_message_and_everything_else_is_kept(field, value, client, token):
    answer = client.post(ADDRESS, {**TYPED, field: value, "token": token})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert token_of(answer) == token
    assert not Complaint.objects.exists()


def test_the_place_is_chosen_without_a_script(client, token, region):
    village = VillageFactory(district=DistrictFactory(region=region))
    page = client.post(ADDRESS, {**NOT_SENT, "token": token, "district": village.district_id, "pick": "district"})
    assert page.status_code == 200
    assert str(village) in page.content.decode()
    assert TYPED["body"] in page.content.decode()
    client.post(ADDRESS, {**TYPED, "token": token, "district": village.district_id, "village": village.pk})
    assert Complaint.objects.get().village == village


def test_a_village_of_another_district_is_refused(client, token, region):
    here, elsewhere = (VillageFactory(district=DistrictFactory(region=region)) for _ in range(2))
    answer = client.post(ADDRESS, {**TYPED, "token": token, "district": here.district_id, "village": elsewhere.pk})
    assert answer.context["form"].errors.keys() == {"village"}


def test_the_script_gets_villages_of_this_region_only(client, website, region):
    inside = VillageFactory(district=DistrictFactory(region=region))
    other = RegionFactory(code="35.27", name="Sampang")
    outside = VillageFactory(district=DistrictFactory(region=other, code="35.27.01"))
    found = client.get("/aduan/desa/", {"kecamatan": inside.district_id}).json()["options"]
    assert [option[0] for option in found] == ["", str(inside.pk)]
    for bad in (outside.district_id, "x", "", "9" * 40):
        assert len(client.get("/aduan/desa/", {"kecamatan": bad}).json()["options"]) == 1


def test_a_link_from_a_service_fills_in_the_service(client, website, agency):
    service = ServiceFactory(agency=agency)
    page = client.get(ADDRESS, {"layanan": service.pk, "titik": "K7QM3XPD9RTB2Z"})
    assert page.context["form"]["about"].value() == f"s{service.pk}"
    client.post(ADDRESS, {**TYPED, "token": token_of(page), "about": f"s{service.pk}", "point": "K7QM3XPD9RTB2Z"})
    complaint = Complaint.objects.get()
    assert (complaint.service, complaint.agency_hint, complaint.channel) == (service, agency, "web")
    assert complaint.service_point_code == "", "a code nobody signed is not kept"


def test_good_files_survive_a_wrong_field_and_a_wrong_file(client, token):
    bad = SimpleUploadedFile("virus.jpg", b"MZ\x90", "image/jpeg")
    answer = client.post(ADDRESS, {**TYPED, "title": "", "token": token, "files": [photo(), pdf(), bad]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "foto.jpg" in page
    assert "virus.jpg" in page
    assert PendingUpload.objects.count() == 2
    client.post(ADDRESS, {**TYPED, "token": token})
    assert sorted(Attachment.objects.values_list("content_type", flat=True)) == ["application/pdf", "image/jpeg"]
    assert not PendingUpload.objects.exists()


def test_a_kept_file_can_be_removed_again(client, token):
    client.post(ADDRESS, {**TYPED, "title": "", "token": token, "files": [photo(), pdf()]})
    upload = PendingUpload.objects.first()
    answer = client.post(ADDRESS, {**NOT_SENT, "token": token, "remove": upload.key})
    assert answer.status_code == 200
    assert not storages["private"].exists(upload.name)


def test_files_of_another_form_cannot_be_reached(client, website):
    mine, other = (token_of(client.get(ADDRESS)) for _ in range(2))
    client.post(ADDRESS, {**TYPED, "title": "", "token": other, "files": [pdf()]})
    client.post(ADDRESS, {**TYPED, "token": mine, "remove": PendingUpload.objects.get().key})
    client.post(ADDRESS, {**TYPED, "token": mine})
    assert PendingUpload.objects.count() == 1
    assert not Attachment.objects.exists()


def test_six_files_are_one_too_many(client, token):
    files = [photo(f"{n}.jpg", (40 + n, 40)) for n in range(6)]
    answer = client.post(ADDRESS, {**TYPED, "token": token, "files": files})
    assert answer.status_code == 422
    assert PendingUpload.objects.count() == 5


@pytest.fixture
def narrow(monkeypatch):
    """Two reports an hour from one network, six for who pays; frozen, because the window is the clock's hour."""
    usual = replace(throttles.FILE_NETWORK, most=2, proven_times=3)
    monkeypatch.setattr(throttles, "FILE_NETWORK", usual)
    with time_machine.travel("2026-11-16T03:10:00Z", tick=False) as clock:
        yield clock


def file_one(client, **typed):
    return client.post(ADDRESS, {**TYPED, "token": token_of(client.get(ADDRESS)), **typed})


def fields_of(page):
    """Everything the page would send, as a browser without scripts does."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode())
    return {name: unescape(value) for name, value in found}


def solved(fields):
    bound = ("complaints", form_key_of(read_token(fields["token"])))
    challenge = read_challenge(fields["challenge"], bound, timezone.now())
    return fields | {"proof": next(str(n) for n in range(challenge.work) if is_solved(challenge, str(n)))}


def test_many_reports_from_one_network_cost_a_moment_and_far_too_many_are_refused(client, website, narrow):
    assert [file_one(client).status_code for _report in range(2)] == [302, 302]
    for _report in range(4):
        asked = file_one(client)
        assert (asked.status_code, 15 <= int(asked["Retry-After"]) <= 60) == (429, True)
        assert client.post(ADDRESS, solved(fields_of(asked))).status_code == 302
    # What no village can write: also a proof does not help, and the form keeps what was typed.
    refused = file_one(client)
    assert refused.status_code == 422
    assert TYPED["body"] in refused.content.decode()
    assert Complaint.objects.count() == 6


def test_what_was_typed_and_chosen_is_filed_after_the_wait(client, website, narrow):
    for _report in range(2):
        file_one(client)
    body = 'Jalan rusak & "gelap"\nsejak dua minggu lalu.'
    asked = file_one(client, body=body, name="Sulastri", is_confidential="on", files=[photo()])
    assert len(asked.context["kept"]) == 1
    narrow.shift(timedelta(seconds=int(asked["Retry-After"]) - 5))
    early = client.post(ADDRESS, fields_of(asked))
    assert (early.status_code, early["Retry-After"]) == (429, "5")
    narrow.shift(timedelta(seconds=5))
    assert client.post(ADDRESS, fields_of(early)).status_code == 302
    case = Complaint.objects.latest("pk")
    assert (case.body.replace("\r", ""), case.is_confidential) == (body, True)
    assert Attachment.objects.get().content_type == "image/jpeg"


def test_a_proof_buys_one_case_and_is_worth_nothing_at_another_form(client, website, narrow):
    for _report in range(2):
        file_one(client)
    paid = solved(fields_of(file_one(client)))
    assert [client.post(ADDRESS, paid).status_code for _turn in range(2)] == [302, 302]
    assert Complaint.objects.count() == 3
    other = paid | {"token": token_of(client.get(ADDRESS))}
    assert client.post(ADDRESS, other).status_code == 429
    for wrong in ({"challenge": "x"}, {"challenge": "W10:x"}):
        assert client.post(ADDRESS, other | wrong).status_code == 429


def test_a_form_sent_again_counts_again(client, token, narrow):
    assert [client.post(ADDRESS, {**TYPED, "token": token}).status_code for _turn in range(3)] == [302, 302, 429]
    assert Complaint.objects.count() == 1


def test_what_was_typed_is_escaped(client, token):
    answer = client.post(ADDRESS, {**TYPED, "title": "<script>alert(1)</script>", "body": "", "token": token})
    assert "<script>alert" not in answer.content.decode()


def test_no_address_no_name_and_no_code_in_the_log_of_messages(client, token):
    client.post(ADDRESS, {**TYPED, "token": token, "name": "Sulastri", "email": "s@example.org"})
    row = Notification.objects.get()
    assert "Sulastri" not in str(row.__dict__)
    assert "s@example.org" not in str(row.__dict__)


def test_showing_the_form_costs_a_known_number_of_queries(client, website, django_assert_max_num_queries):
    client.get(ADDRESS)
    with django_assert_max_num_queries(7):
        client.get(ADDRESS)


def test_sending_a_report_costs_a_bounded_number_of_queries(client, token, django_assert_max_num_queries):
    with django_assert_max_num_queries(75):
        client.post(ADDRESS, {**TYPED, "token": token})

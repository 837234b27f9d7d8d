"""The security checklist's rows that meet a reporter's case; the number stands in each test's name or comment."""

import io
import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.delivery import deliver_due
from core.models import Notification
from core.permissions import Role
from tests.cms.factories import make_site
from tests.factories import AgencyFactory, RegionFactory, StaffFactory
from tests.workflows.factories import cast_of, kept_file, make_complaint, make_receipt
from workflows.actors import ReporterGrant
from workflows.models import Attachment, Complaint, ComplaintDesk
from workflows.selectors.aftercare import MOST_CASE_FILES
from workflows.selectors.complaints import case_for
from workflows.services import conversation
from workflows.services.identity import Identity
from workflows.states import Status
from workflows.uploads import check_file

pytestmark = pytest.mark.django_db
CASE = "/aduan/lacak/kasus/"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def site(region):
    return make_site(region)


@pytest.fixture
def people(region):
    return cast_of(region)


def opened(client, complaint):
    session = client.session
    session["complaint_grant"] = {"id": complaint.pk, "until": timezone.now().timestamp() + 600}
    session.save()
    return client


@pytest.mark.portable
def test_a4_a_reporter_reads_and_writes_the_own_case_only(client, site, region):
    own, other = make_complaint(Status.IN_PROGRESS, region=region), make_complaint(Status.IN_PROGRESS, region=region)
    writer = ReporterGrant(other.pk)
    conversation.send_message(complaint_id=other.pk, actor=writer, words="Rahasia orang lain", files=[kept_file()])
    opened(client, own)
    assert "Rahasia orang lain" not in client.get(CASE).content.decode()
    file = reverse("workflows:attachment", args=[Attachment.objects.get().key])
    assert client.get(file).status_code == 404  # A15
    # A5: an id in the form is nobody's business.
    client.post(CASE, {"action": "message", "words": "Halo?", "complaint_id": other.pk, "id": other.pk})
    assert other.messages.count() == 1


def test_a6_listed_ids_are_the_ids_that_open_for_every_role_and_state(people, region):
    far = RegionFactory(code="35.27", name="Sampang")
    ComplaintDesk.objects.create(region=far, prefix="SPG")
    cases = [make_complaint(status, region=region) for status in Status] + [make_receipt(far).complaint]
    neighbour = AgencyFactory(region=region, code="jauh")
    cast = {
        "officer of another agency": (StaffFactory(username="a", grants=[(Role.LIAISON, neighbour)]), 0),
        "read-only officer": (StaffFactory(username="b", grants=[(Role.AUDITOR, region)]), None),
        "administrator of another region": (StaffFactory(username="c", grants=[(Role.REGIONAL_ADMIN, far)]), 1),
        "officer": (people["officer"], None),
        "verifier": (people["verifier"], None),
    }
    for who, (user, number) in cast.items():
        listed = set(Complaint.objects.visible_to(user).values_list("pk", flat=True))
        openable = {case.pk for case in Complaint.objects.all() if _opens(user, case)}
        assert listed == openable, who
        assert number is None or len(listed) == number, who
    assert cases


def _opens(user, case):
    try:
        return bool(case_for(user, case.reference))
    except Complaint.DoesNotExist:
        return False


@pytest.mark.portable
def test_a2_the_secret_stands_in_no_address_no_header_and_no_log(client, site, region, caplog):
    receipt = make_receipt(region)
    with caplog.at_level("DEBUG"):
        answer = client.post("/aduan/lacak/", {"reference": receipt.complaint.reference, "code": receipt.code})
    assert answer["Location"] == CASE
    code = receipt.code.replace("-", "")
    assert code not in re.sub(r"[- ]", "", caplog.text + str(dict(answer.headers)))
    page = client.get(CASE)
    assert page["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/aduan/lacak/?reference={receipt.complaint.reference}&code={receipt.code}").status_code == 200
    assert "complaint_grant" in client.session


@pytest.mark.portable
def test_a24_a_form_cannot_send_anybodys_words_to_a_stranger(site, region):
    for number in range(5):
        identity = Identity(name="Beli murah di toko.example", email="korban@example.org")
        make_receipt(region, timezone.now(), title=f"PROMO {number} http://toko.example", identity=identity)
    deliver_due(timezone.now())
    (sent,) = mail.outbox
    assert "PROMO" not in sent.subject + sent.body
    assert "toko.example" not in sent.subject + sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert Notification.objects.filter(sent_at=None, failed_at=None).count() <= 1


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a<script>alert(1)</script>",
        b"",
        b"MZ\x90\x00",
    ],
)
def test_a29_what_is_no_photo_and_no_pdf_is_refused_whatever_its_name(content):
    with pytest.raises(ValidationError):
        check_file(io.BytesIO(content), len(content), 2**20)


def test_a29_a_photo_that_is_also_a_page_is_only_a_photo_afterwards():
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SCRIPT
    Image.new("RGB", (20, 20)).save(written, "JPEG", exif=exif, comment=SCRIPT.encode())
    content = written.getvalue() + SCRIPT.encode()
    kept = check_file(io.BytesIO(content), len(content), 2**20).content
    assert b"script" not in kept


@pytest.mark.portable
def test_a35_script_in_any_words_is_shown_as_words(client, site, region, people):
    complaint = make_complaint(Status.IN_PROGRESS, region=region, title=SCRIPT, body=SCRIPT, place=SCRIPT)
    conversation.send_message(complaint_id=complaint.pk, actor=people["officer"], words=SCRIPT)
    opened(client, complaint)
    staff = Client()
    staff.force_login(people["verifier"])
    pages = [client.get(CASE)]
    pages += [staff.get(reverse(name, args=[complaint.reference])) for name in ("complaints:case", "privacy:case")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
        assert "script-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.portable
@pytest.mark.parametrize("address", ["", "nilai/", "privasi/", "surel/"])
def test_a53_no_button_of_a_case_works_from_a_foreign_site(address, site, region):
    complaint = make_complaint(Status.IN_PROGRESS, region=region)
    browser = opened(Client(enforce_csrf_checks=True), complaint)
    foreign = browser.post(
        f"{CASE}{address}", {"action": "message", "words": "Halo"}, HTTP_ORIGIN="https://evil.example"
    )
    assert foreign.status_code == 403
    assert complaint.messages.count() == 0


@pytest.mark.portable
def test_a3_nothing_of_a_case_changes_when_its_addresses_are_fetched(client, site, region):
    complaint = make_complaint(Status.FOLLOWED_UP, region=region)
    opened(client, complaint)
    for address in ("", "?action=confirm", "nilai/?stars=5", "privasi/?name=on", "surel/?wanted=0"):
        client.get(CASE + address)
        client.head(CASE + address)
    assert Complaint.objects.get(pk=complaint.pk).version == complaint.version


@pytest.mark.portable
def test_a32_a_case_takes_no_more_than_its_share_of_files(client, site, region):
    complaint = make_complaint(Status.IN_PROGRESS, region=region)
    opened(client, complaint)
    for number in range(MOST_CASE_FILES // 5):
        files = [kept_file(f"b{number}") for _file in range(5)]
        writer = ReporterGrant(complaint.pk)
        conversation.send_message(complaint_id=complaint.pk, actor=writer, words="Bukti", files=files)
    more = SimpleUploadedFile("lagi.pdf", b"%PDF-1.4 lagi %%EOF")
    assert client.post(CASE, {"action": "message", "words": "Lagi", "files": [more]}).status_code == 422
    assert complaint.attachments.count() == MOST_CASE_FILES

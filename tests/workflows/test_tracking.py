"""Tracking: one answer for an unknown number and a wrong code, a short grant, and an own case only."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from core import sealing
from tests.workflows.factories import FILED_AT, WORDS, kept_file, make_complaint, make_receipt
from workflows.actors import ReporterGrant
from workflows.models import Attachment, Complaint, Throttle
from workflows.secret_codes import code_from, normalise
from workflows.services import conversation
from workflows.services import desk as at_desk
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
TRACK, CASE = "/aduan/lacak/", "/aduan/lacak/kasus/"
WRONG = "AAAA-AAAA-AAAA-AAAA"


@pytest.fixture
def now(website):
    with time_machine.travel(FILED_AT + timedelta(hours=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def receipt(people, now):
    return make_receipt()


def open_case(client, receipt):
    return client.post(TRACK, {"reference": receipt.complaint.reference, "code": receipt.code})


def grant(client, complaint):
    """The grant of a reporter whose code these tests do not know."""
    session = client.session
    session["complaint_grant"] = {"id": complaint.pk, "until": (FILED_AT + timedelta(days=400)).timestamp()}
    session.save()


def without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


def test_number_and_code_open_the_case(client, receipt):
    answer = open_case(client, receipt)
    assert (answer.status_code, answer["Location"]) == (302, CASE)
    page = client.get(CASE)
    assert receipt.complaint.reference in page.content.decode()
    assert receipt.code not in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "no-referrer"


@pytest.fixture
def hashed(monkeypatch):
    """How long each text was that was hashed or compared since."""
    done, digest, compare = [], sealing._digest, sealing.hmac.compare_digest

    def counted_digest(key, purpose, text):
        done.append((purpose, len(text)))
        return digest(key, purpose, text)

    def counted_compare(one, other):
        done.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(sealing, "_digest", counted_digest)
    monkeypatch.setattr(sealing.hmac, "compare_digest", counted_compare)
    return done


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(client, receipt, hashed):
    """A1: in the same words and for the same work, so that not even the time tells them apart."""
    number = receipt.complaint.reference
    unknown = number[:-1] + "9"
    client.post(TRACK, {"reference": "BKL-2026-777777", "code": WRONG})
    answers, works = [], []
    for reference in (number, unknown):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answers.append(client.post(TRACK, {"reference": reference, "code": WRONG}))
        statements = [query["sql"].split(" WHERE ")[0].split(" VALUES ")[0] for query in queries]
        works.append((statements, list(hashed)))
    wrong, missing = answers
    assert wrong.status_code == missing.status_code == 422
    assert without_token(wrong).replace(number.encode(), b"") == without_token(missing).replace(unknown.encode(), b"")
    assert dict(wrong.headers).keys() == dict(missing.headers).keys()
    assert works[0] == works[1]
    assert len(works[0][1]) >= 2


def test_ten_misses_lock_the_number_and_then_even_the_right_code_waits(client, receipt, now):
    number = receipt.complaint.reference
    for attempt in range(10):
        remote = f"10.0.0.{attempt}"
        assert client.post(TRACK, {"reference": number, "code": WRONG}, REMOTE_ADDR=remote).status_code == 422
    assert open_case(client, receipt).status_code == 429
    now.shift(timedelta(minutes=16))
    assert open_case(client, receipt).status_code == 302


def test_ten_misses_lock_the_network_for_every_number(client, receipt):
    for attempt in range(10):
        client.post(TRACK, {"reference": f"BKL-2026-90000{attempt}", "code": WRONG})
    assert open_case(client, receipt).status_code == 429
    answer = {"reference": receipt.complaint.reference, "code": receipt.code}
    assert client.post(TRACK, answer, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_a_network_address_is_never_stored(client, receipt):
    client.post(TRACK, {"reference": "BKL-2026-900000", "code": WRONG}, REMOTE_ADDR="203.0.113.77")
    assert not any("203.0.113" in row.bucket or "BKL" in row.bucket for row in Throttle.objects.all())


def test_without_a_grant_the_case_asks_for_number_and_code(client, receipt):
    assert client.get(CASE)["Location"] == TRACK
    assert client.post(CASE, {"action": "message", "words": WORDS})["Location"] == TRACK


def test_a_grant_runs_out_and_leaving_wipes_it(client, receipt, now):
    open_case(client, receipt)
    now.shift(timedelta(minutes=31))
    assert client.get(CASE).status_code == 302
    now.shift(timedelta(minutes=-31))
    open_case(client, receipt)
    assert client.get("/aduan/lacak/keluar/").status_code == 405
    client.post("/aduan/lacak/keluar/")
    assert client.get(CASE).status_code == 302


def test_opening_a_case_changes_the_session_key(client, receipt):
    client.get(TRACK)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    open_case(client, receipt)
    assert client.session.session_key != before


def test_a_reporter_writes_and_reads_the_answer(client, receipt, people, now):
    open_case(client, receipt)
    version = Complaint.objects.get().version
    assert client.post(CASE, {"action": "message", "words": "Ada kabar?", "version": version}).status_code == 302
    conversation.send_message(complaint_id=receipt.complaint.pk, actor=people["verifier"], words="Sedang diperiksa.")
    conversation.send_message(
        complaint_id=receipt.complaint.pk, actor=people["verifier"], words="Catatan dalam.", is_public=False
    )
    page = client.get(CASE).content.decode()
    assert "Ada kabar?" in page
    assert "Sedang diperiksa." in page
    assert "Catatan dalam." not in page
    assert people["verifier"].name not in page


def test_a_question_is_answered_with_a_file(client, now, people):
    complaint = make_complaint(Status.NEEDS_INFO)
    grant(client, complaint)
    content = io.BytesIO()
    Image.new("RGB", (50, 50)).save(content, "PNG")
    file = SimpleUploadedFile("peta.png", content.getvalue())
    client.post(CASE, {"action": "reply", "words": "Di Desa Banyuajuh.", "files": [file], "version": complaint.version})
    answered = Complaint.objects.get(pk=complaint.pk)
    assert answered.status == Status.RECEIVED
    assert Attachment.objects.get().uploaded_by == "reporter"


def test_a_case_that_changed_meanwhile_keeps_the_words(client, now, people):
    complaint = make_complaint(Status.VERIFIED)
    grant(client, complaint)
    at_desk.forward_complaint(complaint_id=complaint.pk, agency=people["agency"], actor=people["verifier"])
    answer = client.post(CASE, {"action": "message", "words": "Tulisan panjang saya", "version": complaint.version})
    assert answer.status_code == 409
    assert "Tulisan panjang saya" in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "action", "words", "after"),
    [
        (Status.FOLLOWED_UP, "confirm", "", Status.CLOSED),
        (Status.FOLLOWED_UP, "not_solved", WORDS, Status.IN_REVIEW),
        (Status.CLOSED, "reopen", WORDS, Status.IN_REVIEW),
        (Status.REJECTED, "appeal", WORDS, Status.IN_REVIEW),
        (Status.CLOSED, "message", "Terima kasih", Status.CLOSED),
    ],
)
def test_the_reporter_decides_how_it_goes_on(status, action, words, after, client, now, people):
    complaint = make_complaint(status)
    now.move_to(FILED_AT + timedelta(days=2))
    grant(client, complaint)
    assert client.get(CASE).status_code == 200
    client.post(CASE, {"action": action, "words": words, "version": complaint.version})
    assert Complaint.objects.get(pk=complaint.pk).status == after


@pytest.mark.parametrize("action", ["confirm", "reopen", "verify", "close", ""])
def test_what_is_not_possible_now_is_refused_kindly(action, client, now, people):
    complaint = make_complaint(Status.RECEIVED)
    grant(client, complaint)
    answer = client.post(CASE, {"action": action, "words": WORDS, "version": complaint.version})
    assert answer.status_code in (409, 422)
    assert Complaint.objects.get(pk=complaint.pk).version == complaint.version


@pytest.mark.parametrize("status", Status)
def test_every_state_has_a_page_in_public_words(status, client, now, people):
    complaint = make_complaint(status)
    grant(client, complaint)
    page = client.get(CASE)
    assert page.status_code == 200
    assert str(complaint.public_status) in page.content.decode()


def test_a_file_opens_for_its_reporter_and_staff_of_the_case_only(client, now, people, other_officer, editor):
    complaint = make_complaint(Status.FORWARDED)
    conversation.send_message(
        complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words="Ini suratnya.", files=[kept_file()]
    )
    address = reverse("workflows:attachment", args=[Attachment.objects.get().key])
    assert client.get(address).status_code == 404
    for person, status in ((people["officer"], 200), (people["verifier"], 200), (other_officer, 404), (editor, 404)):
        browser = client.__class__()
        browser.force_login(person)
        opened = browser.get(address)
        assert (opened.status_code, b"bukti" in opened.getvalue()) == (status, status == 200)
    grant(client, complaint)
    answer = client.get(address)
    assert b"bukti" in answer.getvalue()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store, private"
    grant(client, make_complaint())
    assert client.get(address).status_code == 404


def test_an_internal_file_stays_internal(client, now, people):
    complaint = make_complaint(Status.IN_PROGRESS)
    conversation.send_message(
        complaint_id=complaint.pk, actor=people["officer"], words="Nota dalam", files=[kept_file()], is_public=False
    )
    grant(client, complaint)
    assert client.get(reverse("workflows:attachment", args=[Attachment.objects.get().key])).status_code == 404
    assert Attachment.objects.get().key not in client.get(CASE).content.decode()


def test_the_case_page_costs_the_same_for_many_events(client, now, people, django_assert_max_num_queries):
    complaint = make_complaint(Status.IN_PROGRESS)
    grant(client, complaint)
    client.get(CASE)
    for number in range(30):
        conversation.send_message(complaint_id=complaint.pk, actor=people["officer"], words=f"Kabar {number}")
    with django_assert_max_num_queries(16):
        client.get(CASE)


def test_a_code_forgives_how_it_is_typed():
    code = code_from(bytes(range(10)))
    assert normalise(f" {code.lower()} ") == normalise(code.replace("-", " ")) == code.replace("-", "")
    assert normalise("0O1IL") == "00111"
    with pytest.raises(ValueError):
        code_from(b"kurang")

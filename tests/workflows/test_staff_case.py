"""The page of one complaint: its moves, the sealed identity, entry at the counter."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import Agency
from core.permissions import Role
from tests.factories import StaffFactory
from tests.workflows.factories import FILED_AT, make_complaint, make_receipt
from tests.workflows.screens import NOW, post_move, somebody, state, url
from workflows.models import Attachment, Complaint, IdentityAccess
from workflows.services import agency as at_agency
from workflows.services import desk as at_desk
from workflows.services.identity import Identity
from workflows.states import PUBLIC_STATUS, Channel, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment"), pytest.mark.portable]


OFFERED = {
    ("verifier", Status.RECEIVED): {"verify", "request_info", "refer_out", "mark_duplicate", "reject"},
    ("verifier", Status.VERIFIED): {
        "forward",
        "split",
        "close",
        "request_info",
        "refer_out",
        "mark_duplicate",
        "reject",
    },
    ("officer", Status.FORWARDED): {"accept", "return_to_coordinator", "request_info"},
    ("officer", Status.IN_PROGRESS): {"follow_up", "return_to_coordinator", "request_info"},
    ("officer", Status.ON_HOLD): {"resume"},
    ("agency_head", Status.IN_PROGRESS): {"hold"},
    ("verifier", Status.FORWARDED): {"take_back"},
    ("verifier", Status.IN_PROGRESS): {"take_back", "hold"},
    ("verifier", Status.FOLLOWED_UP): {"close"},
    ("verifier", Status.CLOSED): set(),
    ("regional_admin", Status.CLOSED): {"start_review"},
}
WORDS = {"message", "note", "assign", "reclassify", "extend"}


@pytest.mark.parametrize(("name", "status"), OFFERED)
def test_only_moves_of_this_person_in_this_state_are_offered(client, request, people, name, status):
    case = make_complaint(status)
    client.force_login(somebody(request, name))
    offered = {move.key for move, _form in client.get(url("case", case)).context["offered"]}
    assert offered - WORDS == OFFERED[name, status]


@pytest.mark.parametrize("status", list(Status))
def test_an_auditor_reads_everything_and_is_offered_nothing(client, auditor, people, status):
    case = make_complaint(status)
    client.force_login(auditor)
    assert client.get(url("case", case)).context["offered"] == []
    for move in ("verify", "note", "message", "close", "assign", "reclassify"):
        post_move(client, case, move, words="Catatan dari auditor", klass="complaint", assignee="1")
    assert Complaint.objects.get(pk=case.pk).version == case.version


def test_a_complaint_goes_from_received_to_answered(client, verifier, officer, agency, people):
    case = make_complaint()
    client.force_login(verifier)
    assert post_move(client, case, "verify").url == url("case", case)
    post_move(client, case, "forward", agency=agency.pk, note="Tolong segera.")
    client.force_login(officer)
    post_move(client, case, "accept")
    photo = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4 x %%EOF")
    post_move(client, case, "follow_up", answer="Lubang di depan pasar sudah ditutup.", files=photo)
    case = Complaint.objects.get(pk=case.pk)
    assert (case.status, case.assignee) == (Status.FOLLOWED_UP, officer)
    assert Attachment.objects.get(complaint=case).is_verified
    page = client.get(url("case", case)).content.decode()
    assert "Tolong segera." in page
    assert "Lubang di depan pasar sudah ditutup." in page


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client, officer, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    response = post_move(client, case, "follow_up", answer="Lubang sudah ditutup kemarin.")
    assert response.status_code == 422
    form = {move.key: form for move, form in response.context["offered"]}["follow_up"]
    assert "files" in form.errors
    assert "Lubang sudah ditutup kemarin." in response.content.decode()
    assert state(case) == Status.IN_PROGRESS


def test_good_evidence_is_kept_when_the_rest_is_wrong(client, officer, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    photo = SimpleUploadedFile("bukti.pdf", b"%PDF-1.4 x %%EOF")
    response = post_move(client, case, "follow_up", answer="pendek", files=photo)
    token = response.context["token"]
    data = {"version": case.version, "token": token, "follow_up-answer": "Lubang di depan pasar sudah ditutup."}
    assert client.post(url("move", case, "follow_up"), data).status_code == 302
    assert Attachment.objects.filter(complaint=case).count() == 1


def test_a_mistyped_file_is_refused_and_the_case_stays(client, officer, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    script = SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>")
    response = post_move(client, case, "follow_up", answer="Lubang di depan pasar sudah ditutup.", files=script)
    assert response.status_code == 422
    assert response.context["refused"]
    assert state(case) == Status.IN_PROGRESS


def test_the_second_officer_reads_who_was_first_and_keeps_the_words(client, verifier, regional_admin, people):
    case = make_complaint()
    seen = case.version
    at_desk.request_info(complaint_id=case.pk, actor=regional_admin, question="Di desa mana letak jalan ini?")
    client.force_login(verifier)
    words = "Laporan tidak menyebut tempat dan waktu."
    response = post_move(client, case, "reject", version=seen, reason="too_general", explanation=words)
    assert response.status_code == 409
    text = response.content.decode()
    assert str(regional_admin) in text
    assert words in text
    assert state(case) == Status.NEEDS_INFO
    again = post_move(client, case, "reject", reason="too_general", explanation=words)
    assert again.status_code == 302


def test_words_of_a_step_that_is_gone_are_shown_to_copy(client, officer, agency, people):
    case = make_complaint(Status.IN_PROGRESS)
    seen = case.version
    at_agency.follow_up(
        complaint_id=case.pk, actor=officer, answer="Sudah selesai diperbaiki.", no_evidence_reason="Foto menyusul."
    )
    client.force_login(StaffFactory(grants=[(Role.LIAISON, agency)]))
    words = "Jawaban panjang dari petugas kedua."
    response = post_move(client, case, "follow_up", version=seen, answer=words, no_evidence_reason="Tidak ada foto.")
    assert response.status_code == 409
    assert words in response.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_step_without_a_readable_version_overwrites_nothing(client, verifier, people, version):
    case = make_complaint()
    client.force_login(verifier)
    assert client.post(url("move", case, "verify"), {"version": version}).status_code == 409
    assert state(case) == Status.RECEIVED


def test_a_person_without_the_right_cannot_post_the_move(client, officer, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    for move in ("close", "reject", "forward", "reclassify", "hold"):
        typed = {"result": "x" * 30, "no_evidence_reason": "y" * 20, "reason": "weather", "explanation": "z" * 20}
        post_move(client, case, move, until="2026-12-01", klass="aspiration", **typed)
    assert Complaint.objects.get(pk=case.pk).version == case.version


def test_an_unknown_move_does_not_exist(client, verifier, people):
    case = make_complaint()
    client.force_login(verifier)
    assert client.post(url("move", case, "delete"), {"version": case.version}).status_code == 404
    assert client.get(url("move", case, "verify")).status_code == 405


def test_a_case_is_forwarded_only_inside_the_region(client, verifier, people, far_case):
    far = far_case.region.agencies.get()
    case = make_complaint(Status.VERIFIED)
    client.force_login(verifier)
    assert post_move(client, case, "forward", agency=far.pk).status_code == 422
    assert state(case) == Status.VERIFIED


def test_forwarding_to_where_nobody_would_be_told_is_asked_about_first(client, verifier, people, other_agency):
    case = make_complaint(Status.VERIFIED)
    client.force_login(verifier)
    asked = post_move(client, case, "forward", agency=other_agency.pk)
    assert (asked.status_code, asked.context["doubt"].agencies, state(case)) == (422, [other_agency], Status.VERIFIED)
    typed = {"version": case.version, "forward-agency": other_agency.pk, "anyway": "1"}
    assert client.post(url("move", case, "forward"), typed).status_code == 302
    assert state(case) == Status.FORWARDED


def test_a_case_goes_to_no_agency_that_was_dissolved(client, verifier, people, agency):
    case = make_complaint(Status.VERIFIED)
    Agency.objects.filter(pk=agency.pk).update(active_until=case.received_at.date())
    client.force_login(verifier)
    assert post_move(client, case, "forward", agency=agency.pk).status_code == 422
    with pytest.raises(ValidationError):
        at_desk.forward_complaint(complaint_id=case.pk, agency=agency, actor=verifier)


def test_a_parent_of_another_region_does_not_exist(client, verifier, people, far_case):
    case = make_complaint()
    client.force_login(verifier)
    response = post_move(client, case, "mark_duplicate", parent=far_case.reference)
    unknown = post_move(client, case, "mark_duplicate", parent="BKL-2026-999999")

    def errors(answer):
        return {move.key: form.errors for move, form in answer.context["offered"]}["mark_duplicate"]

    assert errors(response) == errors(unknown)


def test_markup_of_a_citizen_is_shown_as_text(client, verifier, people):
    canary = "<img src=x onerror=alert(1)>"
    case = make_receipt(
        people["agency"].region, title=f"Judul {canary}", body=f"Isi laporan {canary}", place=canary
    ).complaint
    client.force_login(verifier)
    for address in (url("case", case), reverse("complaints:queue"), url("deadline", case)):
        assert canary not in client.get(address).content.decode()


def test_an_internal_note_is_marked_and_stays_inside(client, officer, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    post_move(client, case, "note", words="Rahasia antar petugas")
    event = case.events.order_by("-sequence").first()
    assert not event.is_public
    assert not event.messages.get().is_public


def test_pages_of_cases_are_not_kept_by_the_browser(client, verifier, people):
    case = make_complaint()
    client.force_login(verifier)
    for address in (url("case", case), reverse("complaints:queue")):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_the_deadline_is_explained_day_by_day(client, verifier, people):
    case = make_complaint()
    client.force_login(verifier)
    response = client.get(url("deadline", case))
    (total,) = [days for clock, days, *_rest in response.context["clocks"] if clock.kind == "total"]
    case = Complaint.objects.select_related("region").get(pk=case.pk)
    assert total[-1].on == case.due_at.astimezone(case.region.zone).date()
    assert any(day.on.isoformat() == "2026-05-14" and day.role == "skipped" for day in total)


def test_a_case_page_asks_few_questions_however_long_its_story(client, officer, people, django_assert_max_num_queries):
    case = make_complaint(Status.IN_PROGRESS)
    for number in range(10):
        at = NOW + timedelta(minutes=number)
        with time_machine.travel(at, tick=False):
            client.force_login(officer)
            post_move(client, case, "note", words=f"Catatan {number}")
    client.get(url("case", case))
    with django_assert_max_num_queries(26):
        client.get(url("case", case))


# --- Identity ------------------------------------------------------------------------------


def sealed_case(**draft):
    identity = Identity("Siti Aminah", "0812-000-111", "siti@example.com")
    receipt = make_receipt(now=FILED_AT, identity=identity, **draft)
    return Complaint.objects.get(pk=receipt.complaint.pk)


def test_the_identity_is_nowhere_until_it_is_revealed_with_a_reason(client, verifier, people):
    case = sealed_case()
    client.force_login(verifier)
    assert "Siti" not in client.get(url("case", case)).content.decode()
    searched = client.get(reverse("complaints:queue"), {"tab": "all", "q": "Siti"})
    assert searched.context["rows"] == []
    assert "Aminah" not in searched.content.decode()
    refused = client.post(url("reveal", case), {"reason": "apa"})
    assert refused.status_code == 422
    assert not IdentityAccess.objects.exists()
    shown = client.post(url("reveal", case), {"reason": "Menelepon pelapor untuk lokasi"})
    assert "Siti Aminah" in shown.content.decode()
    access = IdentityAccess.objects.get()
    assert (access.user, access.reason) == (verifier, "Menelepon pelapor untuk lokasi")
    assert "Siti" not in client.get(url("case", case)).content.decode()


def test_the_agency_cannot_reveal_an_anonymous_reporter(client, verifier, officer, agency, people):
    case = sealed_case(is_anonymous=True)
    at_desk.verify_complaint(complaint_id=case.pk, actor=verifier)
    at_desk.forward_complaint(complaint_id=case.pk, actor=verifier, agency=agency)
    client.force_login(officer)
    response = client.post(url("reveal", case), {"reason": "Menelepon pelapor untuk lokasi"})
    assert response.status_code == 302
    assert not IdentityAccess.objects.exists()


# --- Entry at the counter --------------------------------------------------------------------


def entry(client, **changed):
    token = client.get(reverse("complaints:enter")).context["token"]
    data = {
        "token": token, "region": "35.26", "send": "1", "klass": "complaint", "channel": "counter",
        "received_at": "2026-05-06T09:30", "title": "Lampu jalan padam",
        "body": "Lampu jalan di depan balai desa padam.",
        "name": "Pak Budi", "phone": "081200011122",
    }  # fmt: skip
    return client.post(reverse("complaints:enter"), data | changed)


@pytest.mark.parametrize("name", ["verifier", "officer", "regional_admin"])
def test_a_complaint_from_the_counter_counts_from_when_it_came_in(client, request, people, name):
    person = somebody(request, name)
    client.force_login(person)
    response = entry(client)
    case = Complaint.objects.get()
    # 09.30 in Bangkalan is 02.30 in UTC, on whatever machine.
    assert case.received_at == datetime(2026, 5, 6, 2, 30, tzinfo=UTC)
    assert case.entered_at == NOW
    assert case.channel == Channel.COUNTER
    assert case.events.get().actor == person
    assert response.context["receipt"].code in response.content.decode()


@pytest.mark.parametrize("name", ["auditor", "agency_head", "editor"])
def test_others_enter_nothing(client, request, people, name):
    client.force_login(somebody(request, name))
    assert client.get(reverse("complaints:enter")).status_code == 302
    client.post(reverse("complaints:enter"), {"send": "1"})
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("received", ["2026-05-08T23:59", "2024-01-01T08:00", "kemarin", ""])
def test_a_moment_that_cannot_be_is_refused(client, verifier, people, received):
    client.force_login(verifier)
    response = entry(client, received_at=received)
    assert "received_at" in response.context["form"].errors
    assert "Lampu jalan padam" in response.content.decode()
    assert not Complaint.objects.exists()


def test_the_same_form_sent_twice_is_one_complaint(client, verifier, people):
    client.force_login(verifier)
    token = client.get(reverse("complaints:enter")).context["token"]
    entry(client, token=token)
    entry(client, token=token)
    assert Complaint.objects.count() == 1


def test_nobody_enters_for_another_region(client, verifier, people, far_case):
    client.force_login(verifier)
    assert entry(client, region="35.27").status_code == 302
    assert Complaint.objects.count() == 1


def test_public_words_exist_for_every_status():
    assert set(PUBLIC_STATUS) == set(Status)

"""Sealed identities, conflicts of interest, erasure with proof, and a log that nobody rewrites unseen."""

import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from core.exchange import pending
from core.exchange.formats import as_csv, as_xlsx
from core.models import Notification
from core.permissions import Role
from core.sealing import seal
from tests.factories import StaffFactory
from tests.workflows.factories import FILED_AT, WORDS, kept_file, make_complaint, make_receipt
from tests.workflows.splitting import again, parts_of, split_up
from workflows import triggers
from workflows.actors import ReporterGrant
from workflows.form_tokens import new_token
from workflows.models import (
    Attachment,
    ChainRoot,
    Complaint,
    ComplaintEvent,
    ErasureReport,
    InboundMessage,
    Message,
    Reporter,
    RetentionRule,
)
from workflows.selectors.complaints import broken_event, case_for
from workflows.selectors.parts import report_behind
from workflows.services import agency as office
from workflows.services import closing, conversation, erasure, steps
from workflows.services import desk as at_desk
from workflows.services.erasure import erase_due, erase_reporter
from workflows.services.filing import Draft, submit_complaint
from workflows.services.identity import MOST_OPENINGS, Identity, reveal_identity
from workflows.services.intake.inbox import note_held
from workflows.services.privacy import name_conflict
from workflows.services.proofs import check_log, day_hashes, fix_roots, root_of
from workflows.states import Status

pytestmark = pytest.mark.django_db
SITI = Identity(name="Siti Aminah", email="siti@example.org", phone="0812 3456 7890")
LATER = FILED_AT + timedelta(days=400)


def test_the_twenty_first_opening_of_a_day_alarms_the_administrators_once(people):
    people["admin"].email = "admin@example.go.id"
    people["admin"].save()
    complaint = make_receipt(identity=SITI).complaint
    for number in range(MOST_OPENINGS + 3):
        assert Notification.objects.filter(template="many_openings").exists() is (number > MOST_OPENINGS)
        reveal_identity(complaint_id=complaint.pk, actor=people["verifier"], reason="Menelepon pelapor", now=FILED_AT)
    (alarm,) = Notification.objects.filter(template="many_openings")
    assert "Siti" not in json.dumps(alarm.context)


def test_a_named_office_and_a_named_person_have_no_path_to_a_case(people, other_agency):
    complaint = make_complaint(Status.VERIFIED)
    kwargs = {"complaint_id": complaint.pk, "actor": people["verifier"]}
    name_conflict(**kwargs, agency=people["agency"])
    with pytest.raises(ValidationError):
        at_desk.forward_complaint(**kwargs, agency=people["agency"])
    colleague = StaffFactory(username="rekan", grants=[(Role.LIAISON, other_agency), (Role.VERIFIER, complaint.region)])
    for officer in (colleague, people["admin"]):
        assert case_for(officer, complaint.reference)
    name_conflict(**kwargs, user=colleague)
    at_desk.forward_complaint(**kwargs, agency=other_agency)
    fresh = type(colleague).objects.get(pk=colleague.pk)
    with pytest.raises(Complaint.DoesNotExist):
        case_for(fresh, complaint.reference)
    assert not Notification.objects.filter(template="case_forwarded", recipient=colleague.email).exists()
    with pytest.raises(PermissionDenied):
        name_conflict(complaint_id=complaint.pk, actor=people["officer"], user=people["head"])
    with pytest.raises(ValidationError):
        name_conflict(**kwargs, user=people["verifier"])


def test_an_office_that_holds_a_case_is_named_only_after_it_was_taken_back(people):
    complaint = make_complaint(Status.IN_PROGRESS)
    with pytest.raises(ValidationError):
        name_conflict(complaint_id=complaint.pk, actor=people["verifier"], agency=people["agency"])


def full_case(people):
    """A closed case with everything a reporter can leave behind."""
    case = make_complaint(Status.IN_PROGRESS, identity=SITI, title="Jalan depan rumah Siti", place="Rumah Siti Aminah")
    me = ReporterGrant(case.pk)
    with time_machine.travel(FILED_AT + timedelta(days=1), tick=False):
        conversation.send_message(complaint_id=case.pk, actor=me, words="Ini KTP saya.", files=[kept_file()])
        conversation.send_message(
            complaint_id=case.pk, actor=people["officer"], words="Ibu Siti Aminah sudah ditelepon.", is_public=False
        )
        reveal_identity(complaint_id=case.pk, actor=people["verifier"], reason="Siti Aminah minta ditelepon")
        at_office = {"answer": WORDS, "no_evidence_reason": "Foto menyusul besok"}
        office.follow_up(complaint_id=case.pk, actor=people["officer"], **at_office)
        closing.confirm_solved(complaint_id=case.pk, actor=me)
    return Complaint.objects.get(pk=case.pk)


def test_after_its_time_nothing_of_the_reporter_is_left_and_the_log_still_holds(people):
    case = full_case(people)
    file = case.attachments.get().name
    RetentionRule.objects.create(region=case.region, days=365)
    assert erase_due(FILED_AT + timedelta(days=300)) == 0
    assert [erase_due(LATER), erase_due(LATER)] == [1, 0]
    report = ErasureReport.objects.get()
    assert report.is_clean, report.left
    assert report.erased["files"] == 1
    assert not storages["private"].exists(file)
    told = json.dumps(list(Message.objects.values_list("body", flat=True)))
    assert "Siti" not in told
    assert WORDS in told  # the office's answer stays
    assert check_log(LATER).first_bad == ""


def test_the_proof_of_erasure_finds_what_was_forgotten(people, monkeypatch):
    case = full_case(people)
    monkeypatch.setitem(erasure.PLACES, "messages", lambda *_case: 0)
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Pelapor memintanya", now=LATER)
    assert (report.left["messages"], report.left["texts"], report.is_clean) == (1, 1, False)


def typed_letter(people):
    """A letter with its scan, typed in by an officer."""
    draft = Draft(title="Surat warga", body="Isi surat tentang jalan rusak.", channel="letter", identity=SITI)
    by = {"uploads": [kept_file()], "entered_by": people["verifier"]}
    return submit_complaint(region=people["agency"].region, draft=draft, now=FILED_AT, **by).complaint


def migrated(name, function):
    module = import_module(f"workflows.migrations.{name}")
    getattr(module, function)(apps, SimpleNamespace(connection=connection))


def test_the_scan_of_a_letter_reaches_the_agency_of_a_part_as_the_reporters_file(people, lamps):
    case = at_desk.verify_complaint(complaint_id=typed_letter(people).pk, actor=people["verifier"], now=FILED_AT)
    split_up(case, people, lamps)
    assert report_behind(again(parts_of(case)[0])).files == list(Attachment.objects.all())


def test_the_scan_of_a_letter_is_erased_and_the_proof_does_not_trust_its_mark(people):
    case = typed_letter(people)
    file = case.attachments.get().name
    # As an earlier version left it.
    Attachment.objects.update(uploaded_by="staff")
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Pelapor memintanya", now=LATER)
    assert (report.left["files"], storages["private"].exists(file)) == (1, True)
    migrated("0025_files_of_reporters", "give_to_reporters")
    assert [erase_due(LATER), erase_due(LATER)] == [1, 0]
    assert (ErasureReport.objects.first().is_clean, storages["private"].exists(file)) == (True, False)


def test_what_a_held_message_brought_is_erased_with_its_case(people):
    case = make_receipt(identity=SITI).complaint
    words = {"title": "Foto", "text": "Ini foto rumah saya.", "sender": "x", "channel": "email", "reference": ""}
    row = {"region": case.region, "source": "mail", "external_hash": "x", "received_at": FILED_AT, "outcome": "held"}
    sealed = seal(json.dumps({**words, "identity": ["", "", ""]}))
    held = InboundMessage.objects.create(**row, form_key=kept_file().form_key, content_sealed=sealed)
    note_held(message_id=held.pk, complaint=case, actor=people["verifier"], now=FILED_AT)
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Pelapor memintanya", now=LATER)
    assert (report.erased["files"], report.erased["messages"], report.is_clean) == (1, 1, True)
    assert not Message.objects.exclude(body="").exists()


def test_history_of_an_earlier_version_gets_the_reporter_whom_its_screens_ask_for(people, lamps):
    case = at_desk.verify_complaint(complaint_id=typed_letter(people).pk, actor=people["verifier"], now=FILED_AT)
    split_up(case, people, lamps)
    Reporter.objects.all().delete()
    migrated("0025_files_of_reporters", "add_empty_reporters")
    assert [row.complaint_id for row in Reporter.objects.all()] == [case.pk]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_erasing_reaches_kept_files_and_what_came_in(write, people):
    case = full_case(people)
    row = {"region": case.region, "source": "mail", "external_hash": "x", "sender_hash": "y", "received_at": FILED_AT}
    InboundMessage.objects.create(**row, complaint=case, outcome="filed")
    told, other = (
        pending.keep(write(["judul"], [[text]]), user=people["verifier"], what="sp4n", region_id=case.region_id).name
        for text in ("Rumah SITI AMINAH", "Lampu jalan padam")
    )
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Pelapor memintanya", now=LATER)
    assert (report.erased["exports"], report.erased["arrivals"], report.is_clean) == (1, 1, True)
    assert not storages["private"].exists(told)
    assert storages["private"].exists(other)
    assert InboundMessage.objects.get().sender_hash == ""


def test_only_an_administrator_of_the_region_erases_and_only_with_a_reason(people):
    case = make_receipt(identity=SITI).complaint
    for actor in (people["verifier"], people["officer"], ReporterGrant(case.pk)):
        with pytest.raises(PermissionDenied):
            erase_reporter(complaint_id=case.pk, actor=actor, reason="Pelapor memintanya")
    with pytest.raises(ValidationError):
        erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="")


def test_a_root_is_fixed_once_a_day_and_anybody_can_compute_it(client, website, people):
    make_complaint(Status.VERIFIED)
    assert fix_roots(FILED_AT + timedelta(hours=23)) == 0
    assert [fix_roots(FILED_AT + timedelta(days=3)), fix_roots(FILED_AT + timedelta(days=3))] == [2, 0]
    first, second = ChainRoot.objects.order_by("day")
    assert first.root == root_of("", ComplaintEvent.objects.values_list("hash", flat=True))
    lines = client.get(f"/aduan/bukti/{second.day}.txt").content.decode().split("\n")
    assert second.root == root_of(lines[0], lines[1:])
    assert client.get("/aduan/bukti/").status_code == 200
    for day in ("2026-99-99", "2020-01-01"):
        assert client.get(f"/aduan/bukti/{day}.txt").status_code == 404
    late = make_complaint(now=FILED_AT + timedelta(minutes=1))  # entered with an old date
    assert late.head_hash not in day_hashes(first)


def tamper(sql, *params):
    """Past the program: without the guards that refuse it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        triggers.GUARDS.drop("default")
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE workflows_complaintevent SET reason = 'other' WHERE sequence = 2 AND complaint_id = %s", "#2"),
        ("DELETE FROM workflows_complaintevent WHERE sequence = 3 AND complaint_id = %s", "#3 (missing)"),
        ("UPDATE workflows_message SET body = 'Uang diminta' WHERE complaint_id = %s", "text"),
        ("DELETE FROM workflows_message WHERE complaint_id = %s", "text"),
        ("UPDATE workflows_complaint SET received_at = '2025-07-08 01:00:00+00:00' WHERE id = %s", "received_at"),
        ("UPDATE workflows_complaint SET channel = 'letter' WHERE id = %s", "channel"),
    ],
)
def test_the_check_names_the_first_row_that_somebody_changed(sql, named, people):
    people["admin"].email = "admin@example.go.id"
    people["admin"].save()
    complaint = make_complaint(Status.FORWARDED)
    conversation.send_message(complaint_id=complaint.pk, actor=people["verifier"], words="Kabar dari kami.")
    make_complaint(Status.VERIFIED)
    assert check_log(FILED_AT).first_bad == ""
    tamper(sql, complaint.pk)
    found = check_log(FILED_AT + timedelta(days=1))
    assert complaint.reference in found.first_bad
    assert named in found.first_bad
    assert broken_event(again(complaint)) or "text" in named
    assert Notification.objects.filter(template="log_broken").count() == 1
    with pytest.raises(CommandError, match=complaint.reference):
        call_command("check_events")


def test_a_chain_of_an_earlier_version_still_holds(people, monkeypatch):
    monkeypatch.setattr(steps, "stated", lambda *_columns: {})
    assert make_complaint(Status.VERIFIED).events.first().data.keys() == {"sha256"}
    assert check_log(FILED_AT).first_bad == ""


@pytest.mark.portable
def test_the_fingerprint_on_a_receipt_stands_in_the_list_of_the_day_it_names(client, website, people):
    with time_machine.travel(FILED_AT, tick=False):
        form = {"klass": "complaint", "title": "Jalan berlubang", "body": WORDS, "send": "1", "token": new_token()}
        client.post("/aduan/", form)
        printed = client.get("/aduan/diterima/").content.decode()
    fix_roots(FILED_AT + timedelta(days=2))
    (line,) = client.get(f"/aduan/bukti/{FILED_AT.date()}.txt").content.decode().split("\n")[1:]
    assert f"<code>{line}</code>" in printed


def test_a_whole_chain_made_anew_disagrees_with_the_published_root(people):
    complaint = make_complaint(Status.VERIFIED)
    fix_roots(FILED_AT + timedelta(days=3))
    last = complaint.events.last()
    last.is_public = False
    last.seal(last.prev_hash)
    tamper("UPDATE workflows_complaintevent SET is_public = %s, hash = %s WHERE id = %s", False, last.hash, last.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workflows_complaint SET head_hash = %s WHERE id = %s", [last.hash, complaint.pk])
    assert check_log(FILED_AT + timedelta(days=4)).first_bad == f"root {FILED_AT:%Y-%m-%d}"

"""The log of a case: append-only, chained, without anybody's words, and no secret beside a number."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import DatabaseError

from core import sealing
from core.models import Notification
from tests.workflows.factories import FILED_AT, WORDS, make_complaint, make_receipt
from workflows import triggers
from workflows.models import ClockCycle, Complaint, ComplaintEvent, IdentityAccess, Message, Reporter
from workflows.selectors.complaints import broken_event, find_by_code
from workflows.services import desk as at_desk
from workflows.services.filing import Draft, submit_complaint
from workflows.services.identity import Identity, reveal_identity
from workflows.states import Status

pytestmark = pytest.mark.django_db
NAME, PHONE, EMAIL = "Sulastri binti Hasan", "0812-3456-7890", "sulastri@example.org"


@pytest.fixture
def named(region, desk):
    draft = Draft(title="Air keruh", body="Air ledeng keruh sejak kemarin pagi.", identity=Identity(NAME, PHONE, EMAIL))
    return submit_complaint(region=region, draft=draft, now=FILED_AT).complaint


def test_an_event_can_neither_be_changed_nor_deleted(people):
    event = make_complaint(Status.VERIFIED).events.last()
    for attempt in (lambda rows: rows.update(reason="other"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt(ComplaintEvent.objects.filter(pk=event.pk))
    event.action = "closed"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()


def test_the_outcome_of_a_stopped_clock_is_never_rewritten_and_never_deleted(people):
    complaint = make_complaint(Status.IN_PROGRESS)
    stopped = ClockCycle.objects.filter(complaint=complaint, stopped_at__isnull=False)
    assert stopped.exists()
    for attempt in (lambda rows: rows.update(outcome="met"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt(stopped)
    assert ClockCycle.objects.filter(complaint=complaint, stopped_at__isnull=True).first().delete()[0] == 1


def test_the_check_finds_a_missing_trigger(db):
    assert triggers.GUARDS.check(databases=["default"]) == []
    triggers.GUARDS.drop()
    missing = triggers.GUARDS.check(databases=["default"])
    assert len(missing) == len(triggers.RULES)
    triggers.GUARDS.create()
    triggers.GUARDS.create()
    assert triggers.GUARDS.check(databases=["default"]) == []


def test_the_chain_holds_for_a_case_with_every_kind_of_step(people):
    complaint = make_complaint(Status.IN_REVIEW)
    assert complaint.events.count() == complaint.version == 6
    assert broken_event(complaint) is None


def test_the_chain_names_the_first_altered_event(people):
    complaint = make_complaint(Status.CLOSED)
    triggers.GUARDS.drop()
    second = complaint.events.get(sequence=2)
    ComplaintEvent.objects.filter(pk=second.pk).update(at=second.at - timedelta(days=1))
    triggers.GUARDS.create()
    assert broken_event(complaint) == second


def test_a_chain_cut_short_at_its_end_is_noticed(people):
    complaint = make_complaint(Status.CLOSED)
    triggers.GUARDS.drop()
    complaint.events.filter(sequence=complaint.version)._raw_delete("default")
    triggers.GUARDS.create()
    assert broken_event(complaint) is not None


def test_erasing_words_leaves_the_chain_whole(people):
    complaint = make_complaint(Status.FOLLOWED_UP)
    Message.objects.filter(complaint=complaint).update(body="", salt="")
    assert broken_event(complaint) is None


def test_events_and_messages_to_others_hold_no_words_and_no_names(named, people):
    stored = "".join(str(list(model.objects.values())) for model in (ComplaintEvent, Notification, Reporter))
    for secret in (NAME, PHONE, EMAIL, "keruh"):
        assert secret not in stored
    assert Notification.objects.get().recipient.startswith(sealing.SEALED_PREFIX)
    assert sealing.open_recipient(Notification.objects.get().recipient) == EMAIL


def test_an_identity_opens_with_a_reason_and_leaves_a_record(named, verifier):
    found = reveal_identity(complaint_id=named.pk, actor=verifier, reason="Perlu menelepon pelapor.", now=FILED_AT)
    assert found == Identity(NAME, PHONE, EMAIL)
    access = IdentityAccess.objects.get()
    assert (access.user, access.reason) == (verifier, "Perlu menelepon pelapor.")


def test_an_identity_does_not_open_without_a_reason_or_for_others(named, verifier, officer, other_officer, auditor):
    with pytest.raises(ValidationError):
        reveal_identity(complaint_id=named.pk, actor=verifier, reason=" ", now=FILED_AT)
    for person in (officer, other_officer, auditor):
        with pytest.raises(PermissionDenied):
            reveal_identity(complaint_id=named.pk, actor=person, reason="Ingin tahu siapa pelapornya.", now=FILED_AT)
    assert not IdentityAccess.objects.exists()


def test_the_office_never_learns_an_anonymous_reporters_name(people):
    complaint = make_complaint(Status.IN_PROGRESS, is_anonymous=True, identity=Identity(NAME))
    with pytest.raises(PermissionDenied):
        reveal_identity(complaint_id=complaint.pk, actor=people["officer"], reason="Perlu menelepon pelapor.")
    assert reveal_identity(complaint_id=complaint.pk, actor=people["verifier"], reason="Verifikasi data.").name == NAME


def test_sealed_text_survives_a_new_key_and_refuses_a_foreign_one(settings):
    sealed, hashed = sealing.seal(NAME), sealing.keyed_hash("p", "kode")
    settings.SEALING_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleTA=", *settings.SEALING_KEYS]
    assert sealing.unseal(sealed) == NAME
    assert sealing.is_secret("p", "kode", hashed)
    settings.SEALING_KEYS = settings.SEALING_KEYS[:1]
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed)
    assert not sealing.is_secret("p", "kode", hashed)


def test_only_the_right_code_opens_a_case(people):
    receipt = make_receipt()
    reference = receipt.complaint.reference
    assert find_by_code(reference, receipt.code) == receipt.complaint
    assert find_by_code(f" {reference.lower()} ", receipt.code.lower().replace("-", " ")) == receipt.complaint
    assert find_by_code(reference, receipt.code[:-1] + ("A" if receipt.code[-1] != "A" else "B")) is None
    assert find_by_code(reference, "") is None
    assert find_by_code("BKL-2026-999999", receipt.code) is None


def test_the_code_is_stored_nowhere_and_is_long_enough(people):
    receipt = make_receipt()
    bare = receipt.code.replace("-", "")
    assert len(set(bare)) > 4
    assert len(bare) * 5 >= 64
    row = str(Complaint.objects.filter(pk=receipt.complaint.pk).values().get())
    assert receipt.code not in row
    assert bare not in row


def test_the_same_form_sent_twice_is_one_case_with_one_receipt(region, desk):
    draft = Draft(title="Air keruh", body="Air ledeng keruh sejak kemarin pagi.")
    first, second = (
        submit_complaint(region=region, draft=draft, token="satu-formulir", now=FILED_AT) for _ in range(2)
    )
    assert (first.complaint, first.code) == (second.complaint, second.code)
    assert Complaint.objects.count() == 1


def test_numbers_run_per_region_and_year(region, desk):
    numbers = [make_receipt(region, FILED_AT + timedelta(days=days)).complaint.reference for days in (0, 1, 300)]
    assert numbers == ["BKL-2026-000001", "BKL-2026-000002", "BKL-2027-000001"]


def test_an_answer_is_told_without_its_words(named, people):
    at_desk.request_info(complaint_id=named.pk, actor=people["verifier"], question=WORDS, now=FILED_AT)
    row = Notification.objects.get(template="complaint_question")
    assert row.context["reference"] == named.reference
    assert WORDS not in str(row.context)

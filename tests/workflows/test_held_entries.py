"""An entry dated back too far waits for somebody else; its day of receipt then counts, and its code is shown once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core.permissions import Role
from tests.factories import RegionFactory, StaffFactory
from tests.workflows.factories import kept_file
from tests.workflows.screens import NOW
from workflows.models import Attachment, Complaint, HeldEntry, Reporter
from workflows.selectors.backdating import backdating_of
from workflows.services.files import discard_stale_uploads
from workflows.services.filing import Draft, form_key_of
from workflows.services.identity import Identity
from workflows.services.intake.accepting import accept
from workflows.services.intake.arrivals import Arrival
from workflows.services.intake.held import AlreadyDecided, approve_entry, hand_out_receipt, refuse_entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]
LONG_AGO = datetime(2026, 4, 28, 3, tzinfo=UTC)
LATE = "Surat tertahan di bagian umum."


@pytest.fixture
def entered(officer, agency_head, regional_admin, verifier, people, region, agency):
    """A letter of ten days ago, typed in by the liaison officer with a file."""
    officer.agency = agency
    officer.save()
    upload = kept_file(form_key_of("surat"))
    words = {"title": "Jembatan retak", "body": "Jembatan di jalan poros retak sejak lama."}
    draft = Draft(**words, channel="letter", identity=Identity("Sari"))
    arrival = Arrival(region, draft, "surat", [upload], officer, LONG_AGO, LATE)
    return accept(arrival, now=NOW).held


def test_the_working_example_may_be_entered_by_the_officer_alone(people, region):
    received, typed = datetime(2026, 4, 30, 7, tzinfo=UTC), datetime(2026, 5, 4, 2, tzinfo=UTC)
    assert backdating_of(region, received, typed).days == 1  # 1 May is a holiday, then a weekend
    assert not backdating_of(region, received, typed).is_beyond
    assert backdating_of(region, received, typed + timedelta(days=2)).is_beyond


def test_a_held_entry_is_sealed_and_files_nothing(entered):
    assert not Complaint.objects.exists()
    assert entered.state == "waiting"
    for word in ("Sari", "Jembatan", "surat"):
        assert word not in entered.payload_sealed


def test_without_a_reason_nothing_is_kept(officer, people, region):
    arrival = Arrival(region, Draft("Jembatan", "Retak sejak lama."), "x", [], officer, LONG_AGO)
    with pytest.raises(ValidationError):
        accept(arrival, now=NOW)
    assert not HeldEntry.objects.exists()


def test_approval_files_from_the_true_day_of_receipt_and_says_who_approved(entered, regional_admin, officer):
    approve_entry(entry_id=entered.pk, actor=regional_admin, now=NOW + timedelta(hours=1))
    case = Complaint.objects.get()
    event = case.events.get()
    assert (case.received_at, event.actor, event.data["approved_by"]) == (LONG_AGO, officer, regional_admin.pk)
    assert Attachment.objects.get().complaint == case
    assert Reporter.objects.get().gave_name
    with pytest.raises(AlreadyDecided):
        approve_entry(entry_id=entered.pk, actor=regional_admin)
    receipt = hand_out_receipt(entry_id=entered.pk, actor=officer)
    assert receipt.complaint == case
    assert hand_out_receipt(entry_id=entered.pk, actor=officer) is None


def test_nobody_approves_an_own_entry_and_no_stranger_any(entered, officer, verifier, other_officer):
    far = RegionFactory(code="35.27", name="Sampang")
    for person in (officer, verifier, other_officer, StaffFactory(grants=[(Role.REGIONAL_ADMIN, far)])):
        with pytest.raises(PermissionDenied):
            approve_entry(entry_id=entered.pk, actor=person)


def test_refusing_needs_a_reason_and_wipes_the_words(entered, agency_head):
    with pytest.raises(ValidationError):
        refuse_entry(entry_id=entered.pk, actor=agency_head, words="")
    refused = refuse_entry(entry_id=entered.pk, actor=agency_head, words="Tanggal terima tidak terbukti.")
    assert (refused.state, refused.payload_sealed) == ("refused", "")
    assert not Complaint.objects.exists()


def test_files_of_a_waiting_entry_outlive_the_day_after_which_unfinished_ones_go(entered, regional_admin):
    assert discard_stale_uploads(NOW + timedelta(days=3)) == 0
    refuse_entry(entry_id=entered.pk, actor=regional_admin, words="Tanggal terima tidak terbukti.")
    assert discard_stale_uploads(NOW + timedelta(days=3)) == 1


@pytest.mark.portable
def test_the_screens_from_entry_to_printed_receipt(client, officer, agency, regional_admin, people, other_officer):
    client.force_login(officer)
    token = client.get(reverse("complaints:enter")).context["token"]
    typed = {"token": token, "send": "1", "channel": "letter", "received_at": "2026-04-28T10:00", "klass": "complaint"}
    typed |= {"title": "Jembatan retak", "body": "Jembatan di jalan poros retak sejak lama.", "name": "Sari"}
    assert client.post(reverse("complaints:enter"), typed).status_code == 422
    assert client.post(reverse("complaints:enter"), {**typed, "late_reason": LATE}).url == reverse("intake:held")
    entry = HeldEntry.objects.get()
    page = reverse("intake:held_entry", args=[entry.pk])
    assert client.post(page, {"approve": "1"}).status_code in (302, 403)

    client.force_login(other_officer)
    assert client.get(page).status_code == 404

    client.force_login(regional_admin)
    shown = client.get(page).content.decode()
    assert "Jembatan retak" in shown
    assert "Sari" not in shown
    client.post(page, {"approve": "1"})
    case = Complaint.objects.get()

    client.force_login(officer)
    printed = reverse("intake:held_receipt", args=[entry.pk])
    sheet = client.post(printed).content.decode()
    assert case.reference in sheet
    assert "receipt-sheet__qr" in sheet
    assert client.post(printed).status_code == 302

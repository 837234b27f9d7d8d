"""Complaints by e-mail: new ones, answers to their case, and everything that must not become either."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from core.models import Notification
from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.mails import DESK, SENDER, WORDS, mail
from tests.workflows.test_uploads import picture
from workflows.intake.replytokens import reply_address
from workflows.models import Attachment, Complaint, ComplaintDesk, InboundMessage, Message
from workflows.services.identity import Identity
from workflows.services.intake import machines
from workflows.services.intake.mail import reply_to, take_mail
from workflows.services.throttles import Limit
from workflows.states import Status

pytestmark = pytest.mark.django_db
NOW = FILED_AT + timedelta(days=1)


@pytest.fixture
def box(people, desk):
    ComplaintDesk.objects.update(mail_address=DESK)


def taken(now=NOW, **values):
    return take_mail(mail(**values).as_bytes(), now=now)


def asked_case(email=SENDER):
    """A case whose reporter, known by this address, was asked for information."""
    return make_complaint(Status.NEEDS_INFO, identity=Identity(email=email))


def test_a_mail_becomes_a_complaint_with_a_receipt_by_mail(box):
    message = mail()
    message.add_attachment(picture(), maintype="image", subtype="jpeg", filename="foto.jpg")
    message.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="virus.exe")
    row = take_mail(message.as_bytes(), now=NOW)
    case = Complaint.objects.get()
    assert (row.outcome, row.complaint, case.channel) == ("filed", case, "email")
    assert (case.title, case.body) == ("Lampu padam", WORDS)
    assert Attachment.objects.get().content_type == "image/jpeg"
    letter = Notification.objects.get()
    assert (letter.template, letter.context["by_message"]) == ("complaint_received", True)
    assert reply_to(letter.about, SENDER) == reply_address(DESK, case.pk, SENDER)


def test_the_same_mail_read_twice_is_one_complaint(box):
    first, second = taken(), taken()
    assert first.pk == second.pk
    assert Complaint.objects.count() == 1


def test_an_answer_to_the_token_reaches_its_case_and_runs_the_clock_again(box):
    case = asked_case()
    row = taken(to=reply_address(DESK, case.pk, SENDER), text="Di RT 2.\n> Di mana?", message_id="<2@x>")
    assert row.outcome == "replied"
    assert Complaint.objects.get().status == Status.RECEIVED
    assert Message.objects.filter(author_kind="reporter").get().body == "Di RT 2."


@pytest.mark.portable
@pytest.mark.parametrize("forged", ["sender", "token", "case", "subject", "references"])
def test_what_only_looks_like_an_answer_changes_no_case(box, forged):
    case, other = asked_case(), asked_case("lain@rumah.example")
    right = reply_address(DESK, case.pk, SENDER)
    values = {
        "sender": {"to": right, "sender": "penipu@jahat.example"},
        "token": {"to": f"{right.split('.')[0]}.{'0' * 24}@bangkalan.example"},
        "case": {"to": reply_address(DESK, other.pk, SENDER)},
        "subject": {"subject": f"Re: {case.reference}", "sender": "penipu@jahat.example"},
        "references": {"In_Reply_To": f"<{case.reference}@bangkalan.example>", "sender": "penipu@jahat.example"},
    }[forged]
    row = taken(**values)
    assert row.outcome == ("held" if "to" in values else "filed")
    assert row.complaint not in (case, other)
    assert Complaint.objects.filter(status=Status.NEEDS_INFO).count() == 2
    if row.outcome == "held":
        assert WORDS not in row.content_sealed


def test_an_officers_name_moves_no_case(box):
    case = asked_case()
    row = taken(to=reply_address(DESK, case.pk, "v@x.example"), sender="v@x.example", text="Selesai, tutup.")
    assert row.outcome == "held"
    assert Complaint.objects.get().status == Status.NEEDS_INFO


@pytest.mark.portable
@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"Return_Path": "<>"}, {"sender": DESK}])
def test_a_loop_ends_here(box, headers):
    assert taken(**headers).outcome == "ignored"
    assert not Complaint.objects.exists()
    assert not Notification.objects.exists()


def test_one_address_fills_neither_the_queue_nor_the_box(box, monkeypatch):
    monkeypatch.setattr(machines, "FILE_SENDER", Limit("f", 1, machines.DAY))
    monkeypatch.setattr(machines, "HOLD_SENDER", Limit("h", 2, machines.DAY))
    outcomes = [taken(message_id=f"<{number}@x>").outcome for number in range(5)]
    assert outcomes == ["filed", "held", "held", "ignored", "ignored"]
    assert taken(message_id="<n@x>", now=NOW + timedelta(days=1)).outcome == "filed"


@pytest.mark.portable
def test_a_sender_our_own_server_calls_forged_waits_for_the_desk(box, settings):
    settings.MAIL_AUTHSERV_ID = "mx.bangkalan.example"
    row = taken(Authentication_Results="mx.bangkalan.example; dmarc=fail")
    assert (row.outcome, row.reason) == ("held", "unverified")
    assert taken(message_id="<3@x>", Authentication_Results="mx.bangkalan.example; dmarc=pass").outcome == "filed"


@pytest.mark.portable
def test_without_a_desk_address_nothing_is_taken(people, desk):
    assert taken() is None


def test_the_command_reads_a_maildir_once_and_an_eml_file(box, tmp_path, capsys):
    for name in ("cur", "new", "tmp"):
        (tmp_path / "kotak" / name).mkdir(parents=True)
    (tmp_path / "kotak" / "new" / "1").write_bytes(mail().as_bytes())
    call_command("read_mail", f"maildir://{tmp_path / 'kotak'}")
    call_command("read_mail", f"maildir://{tmp_path / 'kotak'}")
    letter = tmp_path / "surat.eml"
    letter.write_bytes(mail(message_id="<9@x>").as_bytes())
    call_command("read_mail", str(letter))
    assert capsys.readouterr().out.split("\n")[:3] == ["1 filed", "no mail", "1 filed"]
    assert InboundMessage.objects.filter(outcome="filed").count() == 2

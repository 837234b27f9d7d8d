"""A case by WhatsApp or mail from its first word to its last: what was answered there is heard, whatever the stage."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail as mail_out
from django.test import Client

from core import channels
from core.delivery import deliver_due
from core.letters import Words, editable_of
from core.models import ConfirmedAddress, Notification
from core.sealing import open_recipient, seal
from core.services.messages import word_letter
from tests.workflows.factories import FILED_AT, WORDS, Walk, cast_of, make_receipt
from tests.workflows.mails import DESK, SENDER, mail
from tests.workflows.test_gateways import gateway, post  # noqa: F401  a fixture
from workflows.intake.replytokens import reply_address
from workflows.intake.replywords import NOT_SOLVED, says_not_solved, says_solved
from workflows.models import Complaint, ComplaintDesk, ConflictOfInterest, InboundMessage, UsedLink
from workflows.models import Reporter as Sealed
from workflows.selectors import queue
from workflows.selectors.seats import seats_of
from workflows.services import agency as office
from workflows.services import conversation
from workflows.services.identity import Identity
from workflows.services.intake import gateways
from workflows.services.intake.mail import take_mail
from workflows.services.merging import merge_complaint
from workflows.services.sweeps import sweep_cases
from workflows.states import Status

DAY = timedelta(days=1)
NOW = FILED_AT + DAY


@pytest.mark.parametrize(
    ("text", "is_solved", "is_not"),
    [
        ("SELESAI", True, False),
        ("Sudah selesai pak, terima kasih banyak", True, False),
        ("solved, thank you", True, False),
        ("Selesai apanya pak, lampunya masih padam", False, False),
        ("Belum menyala Pak", False, True),
        ("not solved: still dark", False, True),
        ("Kapan petugas datang?", False, False),
        ("", False, False),
    ],
)
def test_only_plain_words_say_that_it_is_solved(text, is_solved, is_not):
    assert (says_solved(text), says_not_solved(text)) == (is_solved, is_not)


class Reporter:
    """Somebody who has only a messenger or a mail program."""

    def __init__(self, way, client, door):
        self.way, self.client, self.door, self.count = way, client, door, 0
        self.case = None

    def write(self, text, at):
        self.count += 1
        with time_machine.travel(at, tick=False):
            if self.way == "mail":
                self._mail(text, at)
            else:
                assert post(self.client, self.door, now=at, id=f"m{self.count}", text=text).status_code == 200
        self.case = self.case or Complaint.objects.get()
        return InboundMessage.objects.order_by("pk").last().outcome

    def _mail(self, text, at):
        to = reply_address(DESK, self.case.pk, SENDER) if self.case else DESK
        take_mail(mail(to=to, text=text, message_id=f"<{self.count}@x>").as_bytes(), now=at)

    @property
    def stands(self):
        case = Complaint.objects.get()
        return case.status, case.closed_by


@pytest.fixture(params=["whatsapp", "mail"])
def reporter(request, client, gateway, people):  # noqa: F811
    ComplaintDesk.objects.update(mail_address=DESK)
    somebody = Reporter(request.param, client, gateway)
    somebody.write("Lampu jalan di depan balai desa padam sejak dua minggu lalu.", NOW)
    return somebody


@pytest.fixture
def answered(reporter, region):
    Walk(reporter.case, cast_of(region), NOW).to_followed_up()
    return reporter


def turn_of(person):
    seats = seats_of(person, queue.agencies_in_queue(person))
    return queue.queue_keys(person, seats, tab=queue.TURN, wanted=queue.Wanted(), given={}, size=25, now=NOW).ids


@pytest.mark.django_db
class TestAfterTheAnswer:
    def test_a_plain_yes_closes_it_as_the_reporters_own_word(self, answered):
        assert answered.write("SELESAI, terima kasih", NOW + DAY) == "replied"
        assert answered.stands == (Status.CLOSED, "reporter")

    def test_not_solved_goes_to_review(self, answered):
        assert answered.write("Belum menyala Pak", NOW + DAY) == "replied"
        assert answered.stands == (Status.IN_REVIEW, "")

    @pytest.mark.parametrize("text", ["Belum", "Lampunya masih padam juga"])
    def test_any_other_word_is_no_silence_until_the_desk_has_reacted(self, answered, people, text):
        answered.write(text, NOW + DAY)
        later = NOW + 60 * DAY
        assert turn_of(people["verifier"]) == [answered.case.pk]
        sweep_cases(later)
        assert answered.stands == (Status.FOLLOWED_UP, "")
        conversation.send_message(
            complaint_id=answered.case.pk, actor=people["verifier"], words="Petugas datang lagi besok.", now=later
        )
        assert turn_of(people["verifier"]) == []
        sweep_cases(later + DAY)
        assert answered.stands == (Status.FOLLOWED_UP, "")
        sweep_cases(later + 60 * DAY)
        assert answered.stands == (Status.CLOSED, "silence")


@pytest.mark.django_db
class TestAfterTheEnd:
    @pytest.fixture
    def closed(self, answered):
        answered.write("SELESAI", NOW + DAY)
        return answered

    def test_not_solved_opens_it_again_while_there_is_time(self, closed):
        assert closed.write("Belum selesai ternyata, padam lagi", NOW + 5 * DAY) == "replied"
        assert closed.stands == (Status.IN_REVIEW, "")
        assert Complaint.objects.count() == 1

    def test_other_words_stay_with_it_and_come_to_the_desk_up_to_a_limit(self, closed, people):
        said = [closed.write(f"Terima kasih banyak semuanya {number}", NOW + 5 * DAY) for number in range(6)]
        assert said == ["replied"] * 5 + ["held"]
        assert closed.stands == (Status.CLOSED, "reporter")
        assert turn_of(people["verifier"]) == [closed.case.pk]
        conversation.send_message(
            complaint_id=closed.case.pk, actor=people["verifier"], words="Dibaca.", is_public=False, now=NOW + 6 * DAY
        )
        assert turn_of(people["verifier"]) == []


def answer_sent_to(reporter, at):
    """The letter that tells of the office's answer, as it leaves; the messenger's provider is a list here."""
    Notification.objects.exclude(template="complaint_answered").update(failed_at=NOW)
    Notification.objects.update(not_before=at)
    mail_out.outbox.clear()
    with time_machine.travel(at, tick=False):
        deliver_due(at)
    (letter,) = [letter.body for letter in mail_out.outbox] + reporter.messenger
    return letter


@pytest.mark.portable
@pytest.mark.django_db
class TestLetters:
    @pytest.fixture(autouse=True)
    def messenger(self, monkeypatch, reporter):
        reporter.messenger = []
        for kind in ("whatsapp", "sms"):
            channels.register(kind, lambda letter: reporter.messenger.append(letter.body))
        yield
        for kind in ("whatsapp", "sms"):
            channels.register(kind, gateways.send)

    def test_words_and_ways_to_react_reach_whoever_was_never_given_a_code(self, answered):
        if answered.way == "mail":
            # An answer to our letter shows that the address is theirs.
            answered.write("Ada kabar? Lampunya masih padam.", NOW + DAY / 2)
        letter = answer_sent_to(answered, NOW + DAY)
        assert WORDS in letter
        assert NOT_SOLVED["id"] in letter
        assert "/aduan/lacak/buka/" in letter
        assert "/aduan/lacak/\n" not in letter
        assert "balai desa" not in letter
        assert WORDS not in str(list(Notification.objects.values_list("context", flat=True)))

    def test_no_word_goes_to_an_address_nobody_has_shown_to_own(self, answered):
        ConfirmedAddress.objects.all().delete()
        letter = answer_sent_to(answered, NOW + 3 * DAY)
        assert WORDS not in letter
        assert "/aduan/lacak/buka/" in letter

    @pytest.mark.parametrize("is_sender", [True, False])
    def test_a_regions_own_wording_leads_by_its_link_to_where_no_code_is_needed(self, answered, people, is_sender):
        letter, words = editable_of("complaint_answered"), Words("{reference} {link}", "Lihat di {link}")
        region = answered.case.region
        word_letter(letter=letter, region=region, language="id", words=words, author=people["admin"], now=NOW)
        if not is_sender:
            # Neither confirmed nor where the report came from: a new address somebody gave for news.
            ConfirmedAddress.objects.all().delete()
            InboundMessage.objects.update(sender_hash="x")
        sent = answer_sent_to(answered, NOW + DAY)
        tracking = settings.BASE_URL + "/aduan/lacak/"
        assert re.findall(rf"{tracking}\S*", sent) == re.findall(rf"{tracking}buka/\S+", sent)
        assert sent.count("/buka/") == is_sender
        assert sent.startswith(f"Lihat di {tracking}buka/" if is_sender else f"Lihat di {settings.BASE_URL}\n")
        assert not any("/buka/" in message.subject for message in mail_out.outbox)
        assert "buka" not in str(list(Notification.objects.values()))

    def test_a_confidential_case_is_read_behind_the_link_only(self, answered):
        Complaint.objects.update(is_confidential=True)
        answered.write("Ada kabar? Lampunya masih padam.", NOW + DAY / 2)
        assert WORDS not in answer_sent_to(answered, NOW + DAY)

    @pytest.mark.usefixtures("website")
    def test_the_link_opens_the_case_once_by_its_button_and_by_nothing_else(self, answered, client, caplog):
        letter = answer_sent_to(answered, NOW + DAY)
        address = re.search(r"http\S+?(/aduan/lacak/buka/\S+)", letter).group(1)
        assert Complaint.objects.get().reference not in address
        with time_machine.travel(NOW + 2 * DAY, tick=False), caplog.at_level("DEBUG", logger="django.request"):
            for look in (client.get, client.head, client.get):
                assert look(address).status_code == 200
            assert not UsedLink.objects.exists()
            assert "complaint_grant" not in client.session
            assert client.post(address)["Location"] == "/aduan/lacak/kasus/"
            page = client.get("/aduan/lacak/kasus/")
            assert WORDS in page.content.decode()
            again = Client()
            assert again.post(address).status_code == 200
            assert "complaint_grant" not in again.session
        assert address not in caplog.text

    @pytest.mark.usefixtures("website")
    @pytest.mark.parametrize("spoiled", ["late", "forged", "moved"])
    def test_a_link_that_is_late_forged_or_of_a_former_address_opens_nothing(self, answered, client, spoiled):
        letter = answer_sent_to(answered, NOW + DAY)
        address = re.search(r"http\S+?(/aduan/lacak/buka/\S+)", letter).group(1)
        if spoiled == "forged":
            address = address.replace(":", ":x", 1)
        if spoiled == "moved":
            Sealed.objects.update(email_sealed=seal("lain@rumah.example"), phone_sealed=seal("+62899"))
        with time_machine.travel(NOW + (9 if spoiled == "late" else 2) * DAY, tick=False):
            assert client.post(address).status_code == 200
            assert "complaint_grant" not in client.session


@pytest.mark.portable
@pytest.mark.django_db
class TestMerged:
    def test_a_merged_case_shows_and_tells_what_becomes_of_the_one_it_follows(self, client, people, website):
        parent = make_receipt(title="Rahasia tetangga", body="Kata tetangga yang tidak boleh dibaca.").complaint
        child = make_receipt(identity=Identity(email="anak@example.org"), now=NOW)
        merge_complaint(complaint_id=child.complaint.pk, parent=parent, actor=people["verifier"], now=NOW)
        walker = Walk(parent, people, NOW)
        walker.to_in_progress()
        with time_machine.travel(NOW + DAY, tick=False):
            client.post("/aduan/lacak/", {"reference": child.complaint.reference, "code": child.code})
            page = client.get("/aduan/lacak/kasus/").content.decode()
            assert 'id="followed"' in page
            assert "tetangga" not in page
            assert parent.reference not in page
            assert "kasus/berkas/" not in page
        with time_machine.travel(NOW + 400 * DAY, tick=False):
            client.post("/aduan/lacak/", {"reference": child.complaint.reference, "code": child.code})
            assert "kasus/berkas/" in client.get("/aduan/lacak/kasus/").content.decode()
        words = f"{WORDS} Hubungi 0812-3456-7890."
        office.follow_up(
            complaint_id=parent.pk, actor=people["officer"], answer=words, no_evidence_reason="Foto menyusul besok"
        )
        with time_machine.travel(NOW + 2 * DAY, tick=False):
            client.post("/aduan/lacak/", {"reference": child.complaint.reference, "code": child.code})
            page = client.get("/aduan/lacak/kasus/").content.decode()
        assert WORDS in page
        assert "0812" not in page
        letters = Notification.objects.filter(about=f"complaint:{child.complaint.pk}", template="complaint_followed")
        # Verified, forwarded, accepted, answered.
        assert letters.count() == 4
        Complaint.objects.filter(pk=parent.pk).update(is_confidential=True)
        with time_machine.travel(NOW + 2 * DAY, tick=False):
            assert WORDS not in client.get("/aduan/lacak/kasus/").content.decode()


def told(template="case_reporter_wrote"):
    return sorted(open_recipient(row.recipient) for row in Notification.objects.filter(template=template))


@pytest.mark.django_db
class TestStaff:
    @pytest.fixture(autouse=True)
    def addresses(self, reporter, people):
        for name in ("verifier", "officer", "head", "admin"):
            people[name].email = f"{name}@kantor.example"
            people[name].save()

    def test_officer_and_desk_hear_once_a_day_of_words_after_the_answer(self, answered):
        for number in range(3):
            answered.write(f"Lampunya masih padam juga {number}", NOW + DAY)
        assert told() == ["officer@kantor.example", "verifier@kantor.example"]
        answered.write("Lampunya masih padam, tolong dilihat", NOW + 2 * DAY)
        assert len(told()) == 4

    def test_while_an_officer_works_on_it_only_the_officer_hears(self, reporter, region):
        Walk(reporter.case, cast_of(region), NOW).to_in_progress()
        reporter.write("Tiang nomor dua belas", NOW + DAY)
        assert told() == ["officer@kantor.example"]

    @pytest.mark.parametrize("text", ["SELESAI", "Belum menyala Pak"])
    def test_who_answered_and_the_desk_hear_that_it_is_not_solved(self, answered, text):
        answered.write(text, NOW + DAY)
        answered.write("Belum menyala lagi Pak", NOW + 2 * DAY)
        assert {"officer@kantor.example", "verifier@kantor.example"} <= set(told())
        assert not any("menyala" in str(row.context) for row in Notification.objects.all())

    def test_nobody_hears_of_a_case_about_them(self, answered, people):
        ConflictOfInterest.objects.create(
            complaint=answered.case, user=people["officer"], named_by=people["admin"], at=NOW
        )
        answered.write("Lampunya masih padam juga", NOW + DAY)
        assert told() == ["verifier@kantor.example"]

"""A case by WhatsApp or mail from its first word to its last: what was answered there is heard, whatever the stage."""

from datetime import timedelta

import pytest
import time_machine

from tests.workflows.factories import FILED_AT, Walk, cast_of
from tests.workflows.mails import DESK, SENDER, mail
from tests.workflows.test_gateways import gateway, post  # noqa: F401  a fixture
from workflows.intake.replytokens import reply_address
from workflows.intake.replywords import says_not_solved, says_solved
from workflows.models import Complaint, ComplaintDesk, InboundMessage
from workflows.selectors import queue
from workflows.selectors.seats import seats_of
from workflows.services import conversation
from workflows.services.intake.mail import take_mail
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

"""What a reporter can do beside writing: rate, hide, stop mail, take the case to the Ombudsman, follow another."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError

from core.delivery import deliver_due
from core.models import Notification
from tests.workflows.factories import FILED_AT, WORDS, make_complaint
from tests.workflows.test_tracking import CASE, grant
from workflows.actors import ReporterGrant
from workflows.chain import digest_of
from workflows.models import Complaint, Follower, PublicEntry, Satisfaction
from workflows.services import agency as office
from workflows.services import closing, conversation, desk, publicity
from workflows.services.following import forget_followers, tell_followers
from workflows.services.identity import Identity
from workflows.services.privacy import hide_more, sent_messages
from workflows.services.publicity import PublicText, publish_case
from workflows.services.satisfaction import rate_case
from workflows.services.steps import MoveNotAllowed
from workflows.states import Action, Reason, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("website")]

RATING = {"stars": 2, "is_remedied": "partly", "was_clear": "yes"}
SITI = Identity(name="Siti Aminah", email="siti@example.org", phone="0812 3456 7890")


@pytest.fixture
def now():
    with time_machine.travel(FILED_AT + timedelta(hours=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def public(people):
    complaint = make_complaint(Status.IN_PROGRESS)
    text = PublicText("Jalan berlubang", "Lubang di depan pasar.")
    return publish_case(complaint_id=complaint.pk, actor=people["verifier"], text=text, now=FILED_AT)


def test_stars_belong_to_a_cycle_and_the_last_word_counts(people):
    complaint = make_complaint(Status.CLOSED)
    me = ReporterGrant(complaint.pk)
    rate_case(complaint_id=complaint.pk, actor=me, **RATING)
    rate_case(complaint_id=complaint.pk, actor=me, **RATING | {"stars": 5})
    closing.reopen_complaint(complaint_id=complaint.pk, actor=me, words=WORDS, now=FILED_AT + timedelta(days=3))
    with pytest.raises(MoveNotAllowed):
        rate_case(complaint_id=complaint.pk, actor=me, **RATING)
    row = Satisfaction.objects.get()
    assert (row.cycle, row.stars, row.agency) == (1, 5, people["agency"])


@pytest.mark.parametrize("stars", [0, 6])
def test_there_are_one_to_five_stars(stars, people):
    complaint = make_complaint(Status.CLOSED)
    with pytest.raises(ValidationError):
        rate_case(complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), **RATING | {"stars": stars})


def test_nobody_rates_for_the_reporter(people):
    complaint = make_complaint(Status.CLOSED)
    for actor in (people["officer"], people["admin"], ReporterGrant(complaint.pk + 1)):
        with pytest.raises(PermissionDenied):
            rate_case(complaint_id=complaint.pk, actor=actor, **RATING)


@pytest.mark.portable
def test_a_closed_case_is_rated_on_its_page(client, now, people):
    complaint = make_complaint(Status.CLOSED)
    grant(client, complaint)
    assert 'action="/aduan/lacak/kasus/nilai/"' in client.get(CASE).content.decode()
    assert client.post(f"{CASE}nilai/", {"stars": "3"}).status_code == 422
    assert client.post(f"{CASE}nilai/", RATING)["Location"] == CASE
    assert Satisfaction.objects.get().stars == 2


@pytest.mark.portable
def test_the_buttons_of_a_case_need_its_code(client, now, people):
    for address in ("nilai/", "privasi/", "surel/"):
        assert client.get(f"{CASE}{address}").status_code == 405
        assert client.post(f"{CASE}{address}")["Location"] == "/aduan/lacak/"
    assert client.get(f"{CASE}berkas/")["Location"] == "/aduan/lacak/"


def test_a_name_hidden_after_filing_is_hidden_at_once_and_stays_so(client, now, people, public):
    complaint = public.complaint
    assert client.get(f"/aduan/ikuti/{complaint.reference}/").status_code == 200
    grant(client, complaint)
    client.post(f"{CASE}privasi/", {"name": "on", "content": "on"})
    hidden = Complaint.objects.get(pk=complaint.pk)
    assert (hidden.is_anonymous, hidden.is_confidential) == (True, True)
    assert not PublicEntry.objects.published().exists()
    assert client.get(f"/aduan/ikuti/{complaint.reference}/").status_code == 404
    with pytest.raises(ValidationError):
        hide_more(complaint_id=complaint.pk, actor=people["verifier"], name=True)
    with pytest.raises(PermissionDenied):
        hide_more(complaint_id=complaint.pk, actor=people["officer"], content=True)
    with pytest.raises(MoveNotAllowed):
        publish_case(complaint_id=complaint.pk, actor=people["verifier"], text=PublicText("Judul", "Isi laporan"))
    assert complaint.events.last().action == Action.PRIVACY_CHANGED


def test_mail_is_stopped_and_taken_up_again_by_the_reporter(client, now, people):
    complaint = make_complaint(Status.IN_PROGRESS, identity=SITI)
    grant(client, complaint)
    client.post(f"{CASE}surel/", {"wanted": "0"})
    deliver_due(FILED_AT + timedelta(days=2))
    assert not [message for message in mail.outbox if "siti@example.org" in message.to]
    client.post(f"{CASE}surel/", {"wanted": "1"})
    conversation.send_message(complaint_id=complaint.pk, actor=people["officer"], words="Sedang dikerjakan.")
    deliver_due(FILED_AT + timedelta(days=2))
    (letter,) = [message for message in mail.outbox if "siti@example.org" in message.to]
    assert "Sedang dikerjakan" not in letter.body
    assert "Jalan berlubang" not in letter.subject + letter.body
    assert [message.template for message in sent_messages(complaint)] == ["complaint_message"]


def test_the_dossier_comes_after_sixty_working_days_and_proves_itself(client, now, people):
    complaint = make_complaint(
        Status.FOLLOWED_UP, identity=SITI, body="Isi laporan #set text(red) $x$ \\ yang panjang."
    )
    conversation.send_message(
        complaint_id=complaint.pk, actor=people["officer"], words="Catatan dalam", is_public=False
    )
    now.move_to(FILED_AT + timedelta(days=60))
    grant(client, complaint)
    assert client.get(f"{CASE}berkas/").status_code == 404
    now.move_to(FILED_AT + timedelta(days=110))
    client = client.__class__()
    grant(client, complaint)
    answer = client.get(f"{CASE}berkas/")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    facts = json.loads(archive.read(f"{complaint.reference}.json"))
    assert archive.read(f"{complaint.reference}.pdf").startswith(b"%PDF")
    told = json.dumps(facts)
    for secret in ("Siti", "siti@", "7890", "Catatan dalam", people["officer"].name):
        assert secret not in told
    for event in facts["events"]:
        assert digest_of(event["facts"], event["prev_hash"]) == event["hash"]
    head = Complaint.objects.get(pk=complaint.pk).head_hash
    assert facts["chain"]["hashes"][-1] == facts["chain"]["head"] == head


def follow(client, entry, email="tetangga@example.org"):
    return client.post(f"/aduan/ikuti/{entry.complaint.reference}/", {"email": email})


def test_following_takes_a_button_in_a_mail_and_one_click_ends_it(client, now, people, public):
    assert follow(client, public).status_code == follow(client, public).status_code == 200
    now.shift(timedelta(hours=1))
    deliver_due(FILED_AT + timedelta(days=1))
    (asked,) = [message for message in mail.outbox if message.to == ["tetangga@example.org"]]
    link = next(line for line in asked.body.splitlines() if "/konfirmasi/" in line)
    address = "/aduan" + link.partition("/aduan")[2]
    assert client.get(address).status_code == 200
    assert tell_followers(FILED_AT) == 0  # not confirmed by opening the page
    client.post(address)
    now.shift(timedelta(hours=1))
    answered(public.complaint, people, FILED_AT + timedelta(days=1))
    for _again in range(3):
        tell_followers(FILED_AT + timedelta(days=1, hours=1))
    news = Notification.objects.filter(template="follow_news")
    assert news.count() == 1
    assert "tetangga" not in json.dumps(list(news.values("recipient", "context", "dedupe_key")))
    deliver_due(FILED_AT + timedelta(days=2))
    stop = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>")
    client.post("/pesan" + stop.partition("/pesan")[2])
    assert forget_followers(FILED_AT) == 1
    assert not Follower.objects.exists()


def answered(complaint, people, at):
    why = "Foto menyusul besok"
    office.follow_up(complaint_id=complaint.pk, actor=people["officer"], answer=WORDS, no_evidence_reason=why, now=at)


def test_an_unpublished_case_cannot_be_followed(client, now, people):
    complaint = make_complaint(Status.IN_PROGRESS)
    assert client.get(f"/aduan/ikuti/{complaint.reference}/").status_code == 404
    assert client.get("/aduan/ikuti/TIDAK-ADA/").status_code == 404


def test_personal_data_is_masked_before_a_person_reads_it_and_refused_afterwards(people):
    body = "Saya Siti Aminah, NIK 3526014107900002, hp 0812-3456-7890, surel siti@example.org, mobil M 1234 AB."
    complaint = make_complaint(Status.IN_PROGRESS, identity=SITI, body=body)
    proposal = publicity.proposed_text(complaint)
    for secret in ("Siti", "Aminah", "3526", "3456", "example.org", "1234"):
        assert secret not in proposal.body
    with pytest.raises(ValidationError) as refused:
        publish_case(complaint_id=complaint.pk, actor=people["verifier"], text=PublicText("Judul", body))
    assert set(refused.value.message_dict) == {"body"}
    with pytest.raises(PermissionDenied):
        publish_case(complaint_id=complaint.pk, actor=people["officer"], text=proposal)
    entry = publish_case(complaint_id=complaint.pk, actor=people["verifier"], text=proposal)
    assert list(PublicEntry.objects.published()) == [entry]


def test_a_published_case_that_is_rejected_or_merged_is_gone_from_the_list(client, people):
    complaint = make_complaint(Status.VERIFIED)
    text = PublicText("Judul", "Isi laporan")
    publish_case(complaint_id=complaint.pk, actor=people["verifier"], text=text, now=FILED_AT)
    address = f"/aduan/publik/{complaint.reference}/"
    assert client.get(address).status_code == 200
    details = {"reason": Reason.ABUSIVE, "explanation": "Isinya menghina petugas."}
    desk.reject_complaint(complaint_id=complaint.pk, actor=people["verifier"], **details)
    assert client.get(address).status_code == 404
    assert complaint.reference not in client.get("/aduan/publik/").content.decode()

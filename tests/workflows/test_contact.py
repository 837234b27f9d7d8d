"""News by e-mail, WhatsApp or SMS: chosen by the reporter, sealed, sent by the region's gateway, stopped by a click."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from core.delivery import deliver_due, letter_of
from core.models import MessageStop, Notification
from tests.workflows.factories import FILED_AT, make_complaint, make_receipt
from tests.workflows.screens import url
from tests.workflows.test_filing_page import ADDRESS, TYPED, token  # noqa: F401  a fixture
from tests.workflows.test_gateways import post
from tests.workflows.test_tracking import CASE, grant
from workflows.contact import ContactBy, ways_offered
from workflows.models import Complaint, Gateway
from workflows.services.conversation import send_message
from workflows.services.identity import Identity
from workflows.services.intake.gateways import make_gateway
from workflows.states import Status

NOW = FILED_AT + timedelta(days=1)
NUMBER = "+6281234567890"
SITI = Identity(name="Siti", email="siti@example.org", phone="0812-3456-7890")


@pytest.fixture
def sms(regional_admin, people, region):
    """A gateway for SMS that keeps what it sends."""
    cache.clear()
    values = {"name": "SMS", "slug": "sms", "kind": "sms", "is_simulator": True}
    gateway, gateway_secret = make_gateway(region=region, actor=regional_admin, **values)
    gateway.secret = gateway_secret
    yield gateway
    cache.clear()


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def letters(case):
    return Notification.objects.filter(about=f"complaint:{case.pk}")


def test_ways_are_asked_for_only_where_there_is_a_choice():
    assert ways_offered(set()) == []
    assert [way for way, _label in ways_offered({"sms"})] == ["email", "sms", "none"]


@pytest.mark.django_db
def test_a_messenger_is_offered_while_a_gateway_that_sends_is_in_use(client, website, region, token):  # noqa: F811
    cache.clear()
    assert 'name="contact_by"' not in client.get(ADDRESS).content.decode()
    Gateway.objects.create(region=region, slug="wa", name="WA", kind="whatsapp", secret_sealed="x")
    typed = {**TYPED, "token": token, "phone": "0812-3456-7890", "contact_by": "whatsapp"}
    assert client.post(ADDRESS, typed).status_code == 422  # it only receives
    Gateway.objects.update(outbound_url="https://gerbang.example/kirim")
    cache.clear()
    assert 'value="whatsapp"' in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {**typed, "phone": ""}).status_code == 422
    assert client.post(ADDRESS, typed)["Location"] == reverse("workflows:receipt")
    row = Notification.objects.get()
    assert (row.channel, row.template) == ("whatsapp", "complaint_received")
    assert letter_of(row).to == NUMBER
    assert "3456" not in str(row.__dict__)
    assert TYPED["title"] not in letter_of(row).body


@pytest.mark.django_db
@pytest.mark.usefixtures("website")
def test_a_report_without_contact_asks_nothing_about_gateways(people, region, django_assert_max_num_queries):
    make_receipt(region)
    case = make_receipt(region, identity=Identity("", "", "", ContactBy.EMAIL)).complaint
    assert not letters(case).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "channel"), [("", "email"), ("email", "email"), ("sms", "sms"), ("none", None), ("whatsapp", "whatsapp")]
)
def test_news_goes_the_chosen_way(chosen, channel, people, region):
    case = make_receipt(region, identity=Identity("Siti", NUMBER, "siti@example.org", chosen)).complaint
    assert [row.channel for row in letters(case)] == ([channel] if channel else [])


@pytest.mark.django_db
@pytest.mark.usefixtures("website", "at_noon")
def test_the_reporter_changes_the_way_on_the_own_page(client, sms, people, region):
    case = make_complaint(Status.IN_PROGRESS, region=region, identity=SITI)
    page = f"{CASE}kontak/"
    assert client.get(page)["Location"] == "/aduan/lacak/"
    grant(client, case)
    shown = client.get(page).content.decode()
    assert "s…@example.org" in shown
    assert "siti@" not in shown
    assert "3456" not in shown
    assert client.post(page, {"contact_by": "whatsapp"}).status_code == 422
    assert client.post(page, {"contact_by": "sms", "phone": "12 34 56"}).status_code == 422
    waiting = letters(case).filter(sent_at=None, failed_at=None)
    assert waiting.exists()
    assert client.post(page, {"contact_by": "sms", "phone": "0811 1111 2222"})["Location"] == CASE
    assert not waiting.exists()  # nothing more to the mail address, and no message by the choice itself
    send_message(complaint_id=case.pk, actor=people["officer"], words="Petugas datang besok.")
    letter = letter_of(waiting.get())
    assert (letter.channel, letter.to) == ("sms", "+6281111112222")
    assert "Petugas datang" not in letter.subject + letter.body
    assert "/pesan/berhenti/" in letter.body
    deliver_due(NOW)
    assert letters(case).get(channel="sms").sent_at
    client.post(page, {"contact_by": "none"})
    send_message(complaint_id=case.pk, actor=people["officer"], words="Sudah selesai dikerjakan.")
    assert not waiting.exists()
    assert Complaint.objects.get(pk=case.pk).reporter.phone_sealed.find("1111") == -1


@pytest.mark.django_db
@pytest.mark.usefixtures("website", "at_noon")
def test_nobody_chooses_for_another_case_or_without_an_address(client, sms, people, region):
    case, other = make_complaint(region=region), make_complaint(region=region, identity=SITI)
    grant(client, case)
    assert client.post(f"{CASE}kontak/", {"contact_by": "email", "complaint_id": other.pk}).status_code == 422
    client.post(f"{CASE}kontak/", {"contact_by": "none", "complaint_id": other.pk})
    assert other.reporter.__class__.objects.get(complaint=other).contact_by == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("at_noon")
def test_a_number_stops_and_takes_up_messages_by_one_word(client, sms, people, region):
    case = make_receipt(region, identity=Identity("", "+6281200001111", "", "sms")).complaint
    assert post(client, sms, id="a", text="BERHENTI.").json()["outcome"] == "ignored"
    assert deliver_due(NOW) == 0
    assert letters(case).get().last_error == "stopped"
    post(client, sms, id="b", text="mulai")
    assert not MessageStop.objects.exists()
    assert Complaint.objects.count() == 1


@pytest.mark.django_db
def test_a_gateway_delivers_its_own_kind_only(sms, people, region):
    case = make_receipt(region, identity=Identity("", NUMBER, "", "whatsapp")).complaint
    assert deliver_due(NOW) == 0
    assert letters(case).get().attempts == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("website", "at_noon")
def test_news_without_a_gateway_is_told_at_once_at_the_case_to_its_reporter_and_to_the_administrator(
    client, people, region
):
    case = make_receipt(region, identity=Identity("Siti", NUMBER, "siti@example.org", "whatsapp")).complaint
    deliver_due(NOW)
    client.force_login(people["verifier"])
    page = client.get(url("case", case))
    assert [row.channel for row in page.context["undelivered"]] == ["whatsapp"]
    grant(client, case)
    assert client.get(CASE).context["aftercare"].is_stuck
    deliver_due(NOW + timedelta(hours=1))
    alarm = Notification.objects.filter(template="messages_waiting")
    assert [row.recipient for row in alarm] == [people["admin"].email]
    assert NUMBER not in letter_of(alarm.get()).body
    assert not letters(case).filter(channel="email").exists()  # an address that was not chosen for news gets none


@pytest.mark.django_db
@pytest.mark.usefixtures("at_noon")
def test_a_region_without_a_gateway_holds_up_no_other(sms, people, region, far_case):
    other = make_receipt(far_case.region, identity=Identity("", NUMBER, "", "sms")).complaint
    case = make_receipt(region, identity=Identity("", NUMBER, "", "sms")).complaint
    assert deliver_due(NOW) == 1
    assert letters(case).get().sent_at
    assert letters(other).get().last_error == "no gateway"

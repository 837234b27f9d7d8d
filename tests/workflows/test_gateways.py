"""WhatsApp and SMS gateways: signed or nothing, once or nothing, a case or its continuation, and never a fetch."""

import base64
import json
import socket
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core import outbound
from core.channels import Letter, Unreachable
from core.delivery import deliver_due
from core.models import Notification
from tests.workflows.factories import FILED_AT
from tests.workflows.test_uploads import picture
from workflows.contact import phone_of
from workflows.intake.signing import SIGNATURE, TIMESTAMP, is_authentic, signature_of, signed_headers
from workflows.models import Attachment, Complaint, Gateway, InboundMessage
from workflows.services.conversation import send_message
from workflows.services.desk import request_info
from workflows.services.intake.gateways import make_gateway, send

NOW = FILED_AT + timedelta(days=1)
WORDS = "Lampu jalan di depan balai desa padam sejak dua minggu lalu."


@pytest.fixture
def gateway(regional_admin, people, region):
    values = {"name": "Gerbang", "slug": "wa", "kind": "whatsapp"}
    row, secret = make_gateway(region=region, actor=regional_admin, **values)
    row.secret = secret
    return row


def post(client, gateway, now=NOW, secret=None, headers=None, raw=None, **message):
    message = {"id": "m1", "from": "0812-0000-1111", "text": WORDS} | message
    body = json.dumps(message).encode() if raw is None else raw
    signed = headers or signed_headers(secret or gateway.secret, body, now)
    address = reverse("workflows:gateway", args=[gateway.slug])
    return client.post(address, body, content_type="application/json", headers=signed)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("change", ["late", "early", "body", "secret", "empty", "words", "unicode"])
def test_only_a_fresh_signature_over_this_body_counts(change):
    secret, body, stamp = "rahasia", b"{}", str(int(NOW.timestamp()))
    good = signature_of(secret, stamp, body)
    assert is_authentic(secret, stamp, good, body, NOW)
    given = {
        "late": (secret, stamp, good, body, NOW + timedelta(seconds=301)),
        "early": (secret, stamp, good, body, NOW - timedelta(seconds=301)),
        "body": (secret, stamp, good, b"{ }", NOW),
        "secret": ("lain", stamp, good, body, NOW),
        "empty": ("", stamp, signature_of("", stamp, body), body, NOW),
        "words": (secret, "sekarang", good, body, NOW),
        "unicode": (secret, "１２３", good, body, NOW),
    }[change]
    assert not is_authentic(*given)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_noon")
class TestIn:
    def test_a_signed_message_is_a_complaint_and_twice_is_once(self, client, gateway):
        first = post(client, gateway)
        assert first.json()["outcome"] == "filed"
        case = Complaint.objects.get()
        assert (case.channel, case.body, case.reference) == ("whatsapp", WORDS, first.json()["reference"])
        assert post(client, gateway).json() == first.json()
        assert Complaint.objects.count() == 1

    def test_an_unsigned_or_unknown_one_is_refused_alike(self, client, gateway):
        forged = post(client, gateway, secret="tebakan")
        Gateway.objects.update(is_active=False)
        switched_off = post(client, gateway)
        gateway.slug = "tidak-ada"
        unknown = post(client, gateway)
        assert {a.status_code for a in (forged, switched_off, unknown)} == {403}
        assert forged.content == switched_off.content == unknown.content
        assert post(client, gateway, headers={TIMESTAMP: "", SIGNATURE: ""}).status_code == 403
        assert not InboundMessage.objects.exists()

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"[]",
            b"{}",
            b'{"id": 1}',
            b'{"id": "a", "from": "0812", "text": {}}',
            b'{"id": "a", "url": "http://169.254.169.254/"}',
            b"[" * 5000,
        ],
    )
    def test_a_signed_body_in_another_form_is_refused(self, client, gateway, raw):
        assert post(client, gateway, raw=raw).status_code == 422
        assert not Complaint.objects.exists()

    def test_media_come_inside_and_are_checked_like_any_file(self, client, gateway):
        media = [
            {"name": "foto.jpg", "data": base64.b64encode(picture()).decode()},
            {"name": "x.exe", "data": base64.b64encode(b"MZ\x90").decode()},
            {"name": "y", "data": "http://169.254.169.254/latest"},
            "z",
        ]
        post(client, gateway, media=media)
        assert Attachment.objects.get().content_type == "image/jpeg"

    def test_the_number_goes_on_with_its_open_case_and_gets_the_answers(self, client, verifier, gateway):
        post(client, gateway)
        case = Complaint.objects.get()
        request_info(complaint_id=case.pk, actor=verifier, question="Di RT berapa letaknya?")
        assert post(client, gateway, id="m2", text="RT 2").json()["outcome"] == "replied"
        assert post(client, gateway, id="m3", text=f"BARU {WORDS}").json()["outcome"] == "filed"
        assert (
            post(client, gateway, id="m4", text=f"{case.reference} masih padam").json()["reference"] == case.reference
        )
        stranger = post(
            client, gateway, id="m5", text=f"{case.reference} ini kasus saya juga", **{"from": "081299998888"}
        )
        assert stranger.json()["reference"] != case.reference
        send_message(complaint_id=case.pk, actor=verifier, words="Petugas datang besok.")
        letters = Notification.objects.filter(about=f"complaint:{case.pk}")
        assert {letter.channel for letter in letters} == {"whatsapp"}
        assert not any("0812" in letter.recipient or "62812" in letter.recipient for letter in letters)

    def test_a_gateway_has_a_daily_limit(self, client, gateway):
        Gateway.objects.update(daily_limit=1)
        assert post(client, gateway).status_code == 200
        assert post(client, gateway, id="m2").status_code == 429

    def test_what_is_too_short_waits_for_the_desk_who_decides_once(self, client, verifier, gateway, other_officer):
        assert post(client, gateway, text="Tolong").json()["outcome"] == "held"
        row = InboundMessage.objects.get()
        page = reverse("intake:inbox_message", args=[row.pk])
        client.force_login(other_officer)
        assert client.get(page).status_code != 200
        client.force_login(verifier)
        shown = client.get(page).content.decode()
        assert "Tolong" in shown
        assert "81200001111" not in shown
        assert "Tolong" in client.get(reverse("intake:inbox")).content.decode()
        assert client.post(page, {"note": "1", "reference": "XYZ-1"}).status_code == 422
        client.post(page, {"file": "1"})
        row.refresh_from_db()
        assert (row.outcome, row.content_sealed, row.decided_by) == ("filed", "", verifier)
        client.post(page, {"aside": "1"})
        assert Complaint.objects.count() == 1


@pytest.mark.django_db
class TestOut:
    def letter(self, region):
        return Letter("+628120000111", "Laporan", "Isi", "7-x", "whatsapp", region_id=region.pk)

    def test_without_a_gateway_a_message_waits(self, people, region):
        with pytest.raises(Unreachable):
            send(self.letter(region))

    def test_it_is_posted_signed_to_the_address_that_was_checked(self, gateway, region, monkeypatch):
        Gateway.objects.update(outbound_url="https://gerbang.example/kirim")
        posted = {}
        monkeypatch.setattr(
            outbound, "post", lambda url, body, headers: posted.update(url=url, body=body, headers=headers)
        )
        send(self.letter(region))
        headers = posted["headers"]
        assert json.loads(posted["body"]) == {"id": "7-x", "to": "+628120000111", "text": "Isi"}
        assert headers[SIGNATURE] == signature_of(gateway.secret, headers[TIMESTAMP], posted["body"])

    def test_nothing_is_delivered_twice_by_the_simulator(self, gateway, region):
        Gateway.objects.update(is_simulator=True)
        row = {"template": "complaint_moved", "channel": "whatsapp", "recipient": "+628120000111", "region": region}
        Notification.objects.create(**row, context={"reference": "BKL-1"}, not_before=NOW, dedupe_key="k")
        assert (deliver_due(NOW), deliver_due(NOW)) == (1, 0)


@pytest.mark.parametrize(
    "url",
    [
        "http://gerbang.example/",
        "https://user:x@gerbang.example/",
        "file:///etc/passwd",
        "https://",
        "https://x:99999/",
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url):
    with pytest.raises(outbound.Refused):
        outbound.post(url, b"", {})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:10.0.0.8", "fe80::1", "100.64.0.1", "0.0.0.0"],
)
def test_a_name_that_means_a_private_address_is_refused(address, monkeypatch, settings):
    rows = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: rows)
    with pytest.raises(outbound.Refused):
        outbound.checked_address("gerbang.example", 443)
    settings.OUTBOUND_PRIVATE_HOSTS = ["gerbang.example"]
    assert outbound.checked_address("gerbang.example", 443)


@pytest.mark.parametrize(("text", "phone"), [("0812-0000-111", "+628120000111"), ("+62 812 0000 111", "+628120000111")])
def test_a_number_has_one_form(text, phone):
    assert phone_of(text) == phone


@pytest.mark.parametrize("text", ["", "WhatsApp", "123", "1" * 20])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        phone_of(text)


@pytest.mark.django_db
@pytest.mark.portable
def test_the_administrator_connects_a_gateway_and_plays_it(client, regional_admin, verifier, people, region, settings):
    client.force_login(verifier)
    assert client.get(reverse("intake:gateways")).status_code != 200
    client.force_login(regional_admin)
    page = reverse("intake:gateways")
    typed = {"name": "WA", "slug": "wa", "kind": "whatsapp", "daily_limit": 100, "outbound_url": "http://10.0.0.1/"}
    assert client.post(page, typed).status_code == 422
    made = client.post(page, {**typed, "outbound_url": ""})
    _row, secret = made.context["secret"]
    assert secret in made.content.decode()
    assert secret not in client.get(page).content.decode()

    simulator = reverse("intake:simulator")
    assert client.get(simulator).status_code != 200
    settings.DEBUG = True
    played = client.post(simulator, {"phone": "+62 812 0000 1111", "text": WORDS})
    assert Complaint.objects.get().reference in played.content.decode()

"""Kiosks and tablets: set up once, heard, missed when silent, revoked; and who may do that."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from core import delivery
from core.models import Notification
from core.permissions import Role
from surveys.models import Device, DeviceRefusal, Response, ServicePoint, Survey
from surveys.services.devices import CodeRefused, Report, enrol, hear, issue_code, revoke, tell_silences
from surveys.services.kiosk import pack_for
from surveys.services.points import create_point
from tests.factories import ServiceFactory, StaffFactory
from tests.surveys.devices import HOURS, item, make_device, ms, set_up
from tests.surveys.factories import NOON, SurveyFactory, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency, title="Survei perizinan")


@pytest.fixture
def device(survey):
    return make_device(survey)


@pytest.fixture
def foreign_editor(other_agency):
    return StaffFactory(username="foreign_editor", grants=[(Role.EDITOR, other_agency)])


def at(name, *args):
    return reverse(f"devices:{name}", args=args)


# --- Set-up -------------------------------------------------------------------------------------


def test_a_code_works_once(device):
    code = issue_code(device=device, now=NOON)
    found, token = enrol(code=f" {code.lower()} ", now=NOON)
    assert found == device
    assert token.startswith(f"{device.pk}.")
    assert token.split(".")[1] not in str(Device.objects.values())
    with pytest.raises(CodeRefused):
        enrol(code=code, now=NOON)


def test_a_code_lasts_a_day_and_only_the_newest_works(device):
    first, second = issue_code(device=device, now=NOON), issue_code(device=device, now=NOON)
    for code, moment in ((first, NOON), (second, NOON + timedelta(hours=24, seconds=1))):
        with pytest.raises(CodeRefused):
            enrol(code=code, now=moment)
    assert enrol(code=second, now=NOON + timedelta(hours=24))[0] == device


def test_a_made_up_code_and_a_posters_cost_no_query(device, django_assert_num_queries):
    issue_code(device=device, now=NOON)
    with django_assert_num_queries(2):  # the two ends of the transaction
        for code in ("", "x" * 99, "ABCDEFGHJKMNPQ", device.service_point.code):
            with pytest.raises(CodeRefused):
                enrol.__wrapped__(code=code, now=NOON)
        Device.objects.count()
        Device.objects.count()


def test_a_new_set_up_replaces_the_machine_and_not_before(client, survey):
    device, old = set_up(survey)
    code = issue_code(device=device, now=NOON)
    assert beat(client, old).status_code == 200
    _device, token = enrol(code=code, now=NOON)
    assert beat(client, old).status_code == 401
    assert beat(client, {"Authorization": f"Bearer {token}"}).status_code == 200


def test_the_device_sets_itself_up_over_the_web(client, device):
    with time_machine.travel(NOON, tick=False):
        code = issue_code(device=device, now=NOON)
        answered = client.post("/kios/daftar/", json.dumps({"code": code}), content_type="application/json")
        again = client.post("/kios/daftar/", json.dumps({"code": code}), content_type="application/json")
        odd = client.post("/kios/daftar/", json.dumps({"code": 3}), content_type="application/json")
    assert (answered.status_code, again.status_code, odd.status_code) == (200, 403, 403)
    device.refresh_from_db()
    assert (device.is_enrolled, device.enrolled_at, device.state(NOON)) == (True, NOON, Device.State.REPORTING)


# --- Heartbeat and pack -----------------------------------------------------------------------


def beat(client, header, **body):
    whole = {"app": "abc", "unsent": 0, "battery": None, "etag": ""} | body
    return client.post("/kios/detak/", json.dumps(whole), content_type="application/json", headers=header)


def test_a_heartbeat_notes_how_the_device_is_and_hands_out_the_pack_once(client, survey):
    device, header = set_up(survey)
    with time_machine.travel(NOON, tick=False):
        first = beat(client, header, unsent=3, battery=41).json()
        second = beat(client, header, etag=first["pack"]["etag"], app="<b>", unsent="many", battery=900).json()
    assert (first["now"], second["pack"]) == (ms(NOON), None)
    assert second["form"]
    device.refresh_from_db()
    assert (device.last_seen_at, device.app_version, device.unsent, device.battery) == (NOON, "", 0, 100)


@pytest.mark.portable
def test_the_pack_holds_every_question_and_word_in_each_language(survey):
    pack = pack_for(device=whole(make_device(survey, idle_seconds=20, pin="123456")), now=NOON)
    assert [row["code"] for row in pack["languages"]] == ["id", "en"]
    assert "Survei perizinan" in pack["screens"]["id"]
    for language in ("id", "en"):
        assert pack["screens"][language].count('name="e_') == 36
        assert "<script" not in pack["screens"][language]
        assert " style=" not in pack["screens"][language]
    assert "Send my answers" in pack["screens"]["en"]
    assert (pack["idle"], pack["zone_minutes"], pack["is_open"], pack["pin"]) == (20, 420, True, "123456")
    assert pack["rules"]["e_waktu"] == {"required": True}
    assert pack["rules"]["comment"]["max_length"] == 2000


def whole(device):
    return Device.objects.for_sending().get(pk=device.pk)


@pytest.mark.portable
def test_a_device_speaks_the_languages_chosen_for_it(survey):
    pack = pack_for(device=whole(make_device(survey, languages=["en", "mad"])), now=NOON)
    assert list(pack["screens"]) == ["en"]


def test_visitors_choose_the_service_where_the_point_gives_several(survey, service, agency):
    other = ServiceFactory(agency=agency, name="Izin usaha")
    several = pack_for(device=whole(make_device(survey)), now=NOON)["screens"]["id"]
    one = create_point(survey=survey, name="Loket 2", service=service)
    only = pack_for(device=whole(make_device(survey, point=one)), now=NOON)["screens"]["id"]
    assert f'name="service" value="{other.pk}"' in several
    assert 'name="service"' not in only


@pytest.mark.parametrize("close", ["survey", "point"])
def test_a_device_rests_when_survey_or_point_are_closed(survey, close):
    device = make_device(survey)
    if close == "survey":
        Survey.objects.update(is_open=False)
    else:
        ServicePoint.objects.update(is_active=False)
    assert pack_for(device=whole(device), now=NOON)["is_open"] is False


@pytest.mark.parametrize(("kind", "days_left", "is_open"), [
    (Device.Kind.KIOSK, 1, True),
    (Device.Kind.KIOSK, 0, False),
    (Device.Kind.TABLET, 0, True),
])  # fmt: skip
def test_a_kiosk_rests_when_its_service_has_ended_and_an_officer_goes_on(survey, service, kind, days_left, is_open):
    """Without network it rests by itself: the pack brings the last day. An officer knows what is rated there now."""
    service.active_until = NOON.date() + timedelta(days=days_left)
    service.save()
    point = create_point(survey=survey, name="Loket 3", service=service)
    pack = pack_for(device=whole(make_device(survey, point=point, kind=kind)), now=NOON)
    last = None if kind == Device.Kind.TABLET else (service.active_until - timedelta(days=1)).isoformat()
    assert (pack["is_open"], pack["last_day"]) == (is_open, last)


@pytest.mark.portable
def test_page_worker_and_manifest_hold_nothing_of_anybody(client, survey):
    page, worker, manifest = (
        client.get("/kios/"),
        client.get("/kios/pekerja.js"),
        client.get("/kios/kios.webmanifest"),
    )
    assert [answer.status_code for answer in (page, worker, manifest)] == [200] * 3
    assert worker["Content-Type"].startswith("text/javascript")
    assert "kiosk-store.js" in worker.content.decode()
    assert (manifest.json()["scope"], manifest.json()["display"]) == ("/kios/", "fullscreen")
    for answer in (page, worker, manifest):
        assert not answer.cookies
        assert "no-cache" in answer["Cache-Control"]
    policy = page["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "<script>" not in page.content.decode()


# --- Silence ------------------------------------------------------------------------------------


@pytest.fixture
def kept_device(survey, editor):
    """Open on working days from 8 to 15; noon in Bangkalan is NOON."""
    return set_up(survey, hours=HOURS, silent_minutes=30)[0]


def test_one_message_per_silence_to_those_who_keep_the_device(kept_device, editor, other_officer):
    hear(device=kept_device, report=Report(), now=NOON)
    quiet = [NOON + timedelta(minutes=minutes) for minutes in (29, 30, 60, 120)]
    assert [tell_silences(moment) for moment in quiet] == [0, 1, 0, 0]
    message = Notification.objects.get()
    assert message.recipient == editor.email
    delivery.deliver_due(timezone.now())
    assert "Kios 1" in mail.outbox[0].subject
    assert "06-05-2024 12:00" in mail.outbox[0].body
    hear(device=kept_device, report=Report(), now=quiet[-1])
    assert tell_silences(quiet[-1] + timedelta(minutes=31)) == 1
    assert Notification.objects.count() == 2


@pytest.mark.parametrize(
    ("hours_later", "expected"),
    [
        (4, Device.State.CLOSED),  # 16:00
        (20, Device.State.SILENT),  # Tuesday 8:00
        (24 * 5 + 1, Device.State.CLOSED),  # Saturday
    ],
)
def test_silence_is_silence_only_in_the_devices_hours(kept_device, hours_later, expected):
    hear(device=kept_device, report=Report(), now=NOON)
    kept_device.refresh_from_db()
    assert kept_device.state(NOON + timedelta(hours=hours_later)) == expected


def test_a_night_does_not_count_as_silence(kept_device):
    hear(device=kept_device, report=Report(), now=NOON)
    morning = NOON + timedelta(hours=20)  # 8:00
    assert [tell_silences(morning + timedelta(minutes=minutes)) for minutes in (29, 31)] == [0, 1]


def test_a_revoked_device_is_not_missed(kept_device):
    revoke(device=kept_device, now=NOON)
    assert tell_silences(NOON + timedelta(hours=2)) == 0


# --- Screens ------------------------------------------------------------------------------------

ACTS = ("edit", "inspect", "code", "revoke")


def test_the_list_shows_the_own_devices_with_a_word_for_their_state(client, editor, device, other_agency):
    make_device(SurveyFactory(agency=other_agency), name="Kios lain")
    client.force_login(editor)
    html = client.get(at("index")).content.decode()
    assert device.name in html
    assert "device-state--waiting" in html
    assert "Kios lain" not in html


@pytest.mark.portable
@pytest.mark.parametrize("name", [*ACTS, "retry", "file"])
def test_a_device_of_another_agency_is_not_found(client, foreign_editor, device, name):
    client.force_login(foreign_editor)
    assert client.get(at(name, device.pk)).status_code in {404, 405}
    assert client.post(at(name, device.pk), {}).status_code in {404, 405}


@pytest.mark.portable
@pytest.mark.parametrize("name", ["edit", "code", "revoke", "retry", "file"])
def test_an_auditor_reads_and_changes_nothing(client, auditor, survey, name):
    device, _header = set_up(survey)
    client.force_login(auditor)
    assert client.get(at("inspect", device.pk)).status_code == 200
    assert client.post(at(name, device.pk), {}).status_code in {302, 403}
    device.refresh_from_db()
    assert (device.is_enrolled, device.code_hash) == (True, "")


def test_nobody_deletes_a_device():
    with pytest.raises(NoReverseMatch):
        reverse("devices:delete", args=[1])


@pytest.mark.portable
def test_an_editor_makes_a_device_with_hours_and_gets_its_code_once(client, editor, survey):
    point = make_point(survey, name="Lobi")
    data = {
        "service_point": point.pk, "name": "Kios lobi", "kind": "kiosk", "languages": ["id", "mad"],
        "idle_seconds": 20, "silent_minutes": 30, "day_0_0": "08:00", "day_0_1": "15:30",
    }  # fmt: skip
    client.force_login(editor)
    made = client.post(at("add"), data)
    device = Device.objects.get()
    assert made.url == at("code", device.pk)
    assert (device.hours, device.languages) == ({"0": ["08:00", "15:30"]}, ["id", "mad"])
    assert "survey-point__qr" not in client.get(at("code", device.pk)).content.decode()
    shown = client.post(at("code", device.pk))
    assert "no-store" in shown["Cache-Control"]
    found, _token = enrol(code=shown.context["code"], now=timezone.now())
    assert found == device
    assert found.pin in client.get(at("inspect", device.pk)).content.decode()


def form_data(point):
    return {"service_point": point.pk, "name": "K", "kind": "kiosk", "idle_seconds": 20, "silent_minutes": 30}


@pytest.mark.portable
@pytest.mark.parametrize(
    "changes", [{"day_0_0": "08:00"}, {"day_0_0": "15:00", "day_0_1": "08:00"}, {"idle_seconds": 5}]
)
def test_odd_hours_and_too_little_patience_are_refused(client, editor, survey, changes):
    client.force_login(editor)
    assert client.post(at("add"), form_data(make_point(survey)) | changes).status_code == 200
    assert not Device.objects.exists()


@pytest.mark.portable
def test_a_point_of_another_agency_is_not_offered(client, editor, other_agency):
    client.force_login(editor)
    assert client.post(at("add"), form_data(make_point(SurveyFactory(agency=other_agency)))).status_code == 200
    assert not Device.objects.exists()


@pytest.mark.portable
def test_revoking_takes_the_token_away(client, editor, survey):
    device, header = set_up(survey)
    client.force_login(editor)
    client.post(at("revoke", device.pk))
    device.refresh_from_db()
    assert (device.state(), device.revoked_by) == (Device.State.REVOKED, editor)
    assert beat(client, header).status_code == 401


@pytest.mark.portable
def test_refused_answers_are_shown_escaped_and_tried_again(client, editor, survey):
    device, header = set_up(survey)
    Survey.objects.update(is_open=False)
    late = item(device, fields=item(device)["fields"] | {"comment": ["<script>alert(1)</script>"]})
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        body = {"sent_at": ms(NOON + timedelta(days=30)), "items": [late]}
        client.post("/q/kirim/", json.dumps(body), content_type="application/json", headers=header)
    client.force_login(editor)
    html = client.get(at("inspect", device.pk)).content.decode()
    assert at("retry", device.pk) in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    client.post(at("retry", device.pk))
    assert Response.objects.get().comment == "<script>alert(1)</script>"
    assert DeviceRefusal.objects.get().stored_at is not None


def test_a_file_saved_on_the_device_is_stored(client, editor, survey):
    device, _header = set_up(survey)
    content = {"device": "Kios 1", "sent_at": ms(NOON + timedelta(hours=1)), "offset": 0, "items": [item(device)]}
    client.force_login(editor)
    for body in (content, "nothing"):
        file = BytesIO(json.dumps(body).encode())
        file.name = "jawaban.json"
        assert client.post(at("file", device.pk), {"file": file}).status_code == 302
    assert Response.objects.count() == 1


@pytest.mark.portable
def test_the_address_of_the_page_is_indonesian_whoever_sets_up(client, editor, device, settings):
    settings.BASE_URL = "https://suara.example.go.id"
    UserProfile.objects.create(user=editor, preferred_language="en")
    client.force_login(editor)
    with translation.override("en"):
        assert client.post(at("code", device.pk)).context["address"] == "https://suara.example.go.id/kios/"

"""Answers that waited on a device: each arrives once, on its own day, or is kept for somebody to look at."""

import io
import json
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction

from surveys.models import Channel, Device, DeviceRefusal, Response, ResponseConflict, Survey
from surveys.services.device_files import BadFile, receive_file
from surveys.services.devices import revoke
from surveys.services.offline import receive_batch, retry_refusals
from surveys.services.versions import define, publish_version
from tests.factories import AgencyFactory, ServiceFactory
from tests.surveys.devices import form_of, item, ms, set_up
from tests.surveys.factories import NOON, SurveyFactory, make_point, scores

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=6)


@pytest.fixture
def device(db):
    return set_up(SurveyFactory())[0]


def send(device, *items, offset=timedelta(), now=LATER):
    return receive_batch(device=device, items=list(items), offset=offset, now=now)


def statuses(outcomes):
    return [outcome.status for outcome in outcomes]


def test_a_batch_is_stored_with_channel_moment_and_circumstances(device):
    outcomes = send(device, item(device, 3), item(device, 4, language="en", seconds=61))
    first, second = Response.objects.order_by("score_1")
    assert statuses(outcomes) == ["stored", "stored"]
    assert {outcome.receipt for outcome in outcomes} == {first.receipt, second.receipt}
    assert (first.channel, first.service_point, first.survey) == (
        Channel.KIOSK,
        device.service_point,
        device.service_point.survey,
    )
    assert (first.captured_at, first.submitted_at, first.clock_offset) == (NOON + timedelta(minutes=5), LATER, 0)
    assert (second.language, second.seconds, second.flags) == ("en", 61, "straight")


def test_a_tablet_records_that_an_officer_helped():
    device, _header = set_up(SurveyFactory(), kind=Device.Kind.TABLET)
    send(device, item(device))
    assert Response.objects.get().channel == Channel.ASSISTED


def test_two_hundred_answers_cost_as_many_statements_as_one(device, django_assert_max_num_queries):
    items = [item(device, number % 4 + 1) for number in range(200)]
    # SQLite takes a limited number of values in one statement.
    most = 7 if connection.vendor == "postgresql" else 50
    with django_assert_max_num_queries(most):
        send(device, *items)
    assert Response.objects.count() == 200


def test_the_same_batch_again_stores_nothing_and_gives_the_same_receipts(device):
    items = [item(device), item(device)]
    first, again = send(device, *items), send(device, *items, item(device))
    assert statuses(again) == ["replayed", "replayed", "stored"]
    assert [outcome.receipt for outcome in again[:2]] == [outcome.receipt for outcome in first]
    assert Response.objects.count() == 3


def test_a_key_twice_in_one_batch_is_one_answer(device):
    key = uuid4()
    outcomes = send(device, item(device, 4, key=key), item(device, 1, key=key))
    assert statuses(outcomes) == ["stored", "replayed"]
    assert Response.objects.get().score_1 == 4
    assert ResponseConflict.objects.get().response.score_1 == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_batch_from_many_tabs_at_once_is_stored_once():
    device, _header = set_up(SurveyFactory())
    items = [item(device, number % 4 + 1) for number in range(40)]
    gate, found, errors = threading.Barrier(4), [], []

    def post(mine):
        try:
            gate.wait(10)
            found.append(send(device, *mine))
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is reported by the test
            errors.append(error)
        finally:
            connection.close()

    # Each in another order: rows locked in the order they came would lock each other out.
    orders = [items, items[::-1], items[20:] + items[:20], items[::2] + items[1::2]]
    threads = [threading.Thread(target=post, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert Response.objects.count() == 40
    assert sum(statuses(outcomes).count("stored") for outcomes in found) == 40


def test_a_wrong_clock_leaves_the_answer_on_its_day(device):
    ahead = timedelta(days=400)
    evening = NOON + timedelta(hours=3)
    send(device, item(device, at=evening + ahead), offset=ahead, now=NOON + timedelta(days=2))
    stored = Response.objects.get()
    assert (stored.captured_at, stored.period_on) == (evening, date(2024, 5, 6))
    assert stored.clock_offset == ahead.total_seconds()


def test_an_answer_given_before_midnight_counts_for_that_day_though_it_arrives_on_the_next(device):
    before_midnight = NOON + timedelta(hours=11, minutes=50)
    send(device, item(device, at=before_midnight), now=NOON + timedelta(hours=13))
    assert Response.objects.get().period_on == date(2024, 5, 6)


def test_an_answer_stays_under_the_version_it_was_given_on(device):
    survey = device.service_point.survey
    shown = survey.current_version
    kept = [item(device, fields=scores() | {"comment": ["masih ada"]})]
    for comment in (None, {"label": {"id": "Lain", "en": "Other"}}):
        definition = define(instrument_version=survey.instrument_version, comment=comment, profile=())
        publish_version(survey=survey, definition=definition, now=NOON)
    send(device, *kept)
    stored = Response.objects.get()
    assert (stored.version, stored.is_late, stored.comment) == (shown, True, "masih ada")


def test_answers_given_before_closing_arrive_a_week_long_and_are_marked_late(device):
    Survey.objects.update(is_open=False)
    assert statuses(send(device, item(device), now=NOON + timedelta(days=7))) == ["stored"]
    assert "late" in Response.objects.get().flags.split()
    (refused,) = send(device, item(device), now=NOON + timedelta(days=7, seconds=1))
    assert (refused.status, refused.reason) == ("refused", "closed")


def test_a_device_that_was_moved_still_brings_what_it_has(device):
    kept, old = item(device), device.service_point
    device.service_point = make_point(SurveyFactory(agency=old.agency), name="Loket 9")
    device.save()
    assert statuses(send(device, kept)) == ["stored"]
    assert Response.objects.get().service_point == old


def test_the_visitor_names_the_service_where_the_point_gives_several():
    agency = AgencyFactory()
    service = ServiceFactory(agency=agency)
    device, _header = set_up(SurveyFactory(agency=agency))
    send(device, item(device, service=str(service.pk)), item(device, service="other"))
    assert set(Response.objects.values_list("service", flat=True)) == {service.pk, None}


def refusals_of(device):
    return [
        (item(device, fields=scores(3, waktu=9)), "answers"),
        (item(device, form="forged"), "token"),
        (item(device, form=form_of(set_up(SurveyFactory())[0])), "place"),
        (item(device, service=str(ServiceFactory().pk)), "place"),
        (item(device) | {"fields": "nothing"}, "shape"),
        ("nothing at all", "shape"),
        (item(device) | {"key": "\ud800\x00"}, "shape"),
    ]


def test_what_cannot_be_stored_is_kept_as_it_was_sent_and_holds_nothing_up(device):
    sent, reasons = zip(*refusals_of(device), strict=True)
    outcomes = send(device, *sent, item(device))
    assert statuses(outcomes) == ["refused"] * len(sent) + ["stored"]
    assert [outcome.reason for outcome in outcomes[:-1]] == list(reasons)
    kept = DeviceRefusal.objects.filter(device=device)
    assert [json.loads(row.payload) for row in kept.order_by("pk")] == list(sent)
    assert statuses(send(device, *sent)) == ["refused"] * len(sent)
    assert kept.count() == len(sent)


def test_a_refusal_names_fields_and_faults_and_not_what_was_answered(device, caplog):
    send(device, item(device, fields=scores(3, waktu=9) | {"comment": ["Nama saya Siti"]}))
    assert DeviceRefusal.objects.get().faults == {"e_waktu": "off_scale"}
    assert "Siti" not in caplog.text


def test_staff_may_count_what_came_too_late(device):
    Survey.objects.update(is_open=False)
    send(device, item(device), "damaged", now=NOON + timedelta(days=30))
    assert retry_refusals(device=device, now=NOON + timedelta(days=31)) == 1
    stored = Response.objects.get()
    assert (stored.period_on, stored.is_flagged, "late" in stored.flags) == (date(2024, 5, 6), False, True)
    assert retry_refusals(device=device, now=NOON + timedelta(days=32)) == 0
    assert Response.objects.count() == 1


# --- Files carried by hand --------------------------------------------------------------------


def saved_file(device, *items, **changes):
    content = {"device": device.name, "sent_at": ms(LATER), "offset": 0, "items": list(items)} | changes
    return io.BytesIO(json.dumps(content).encode())


def test_a_saved_file_is_stored_once_with_the_moments_it_tells(device):
    hour = timedelta(hours=1)
    kept = item(device, at=NOON + hour + hour, age=ms(LATER) - ms(NOON + hour))
    # The clock was an hour ahead.
    file = {"sent_at": ms(LATER + hour), "offset": 3_600_000}
    report = receive_file(device=device, file=saved_file(device, kept, **file), now=NOON + timedelta(days=3))
    assert report == {"stored": 1, "replayed": 0, "refused": 0}
    assert Response.objects.get().captured_at == NOON + hour
    assert receive_file(device=device, file=saved_file(device, kept), now=LATER)["replayed"] == 1


@pytest.mark.portable
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"items": 3, "offset": 0}', b"\xff\xfe", b"[" * 100_000])
def test_another_file_is_told_apart(device, body):
    with pytest.raises(BadFile):
        receive_file(device=device, file=io.BytesIO(body), now=LATER)


# --- The address --------------------------------------------------------------------------------


def post(client, header, body):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/q/kirim/", text, content_type="application/json", headers=header)


def test_a_device_sends_with_its_own_token(client):
    device, header = set_up(SurveyFactory())
    skewed = LATER - timedelta(days=90)
    with time_machine.travel(LATER, tick=False):
        body = {"sent_at": ms(skewed), "items": [item(device, at=skewed - timedelta(hours=1)), {}]}
        answered = post(client, header, body)
    stored, refused = answered.json()["results"]
    assert (stored["status"], stored["receipt"]) == ("stored", Response.objects.get().receipt)
    assert (refused["status"], refused["reason"]) == ("refused", "shape")
    assert Response.objects.get().captured_at == LATER - timedelta(hours=1)
    assert not answered.cookies


@pytest.mark.portable
@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer 1.x"}, {"Authorization": "Basic x"}])
def test_nobody_else_sends(client, device, header):
    assert post(client, header, {"sent_at": ms(NOON), "items": [item(device)]}).status_code == 401
    assert not Response.objects.exists()


def test_a_revoked_device_sends_nothing_more(client):
    device, header = set_up(SurveyFactory())
    revoke(device=device, now=NOON)
    assert post(client, header, {"sent_at": ms(NOON), "items": [item(device)]}).status_code == 401


@pytest.mark.portable
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[]", 400),
        ("[" * 200_000, 400),
        ({"items": 3}, 400),
        ({"items": [0] * 201}, 413),
        ("x" * (2 * 1024 * 1024 + 1), 413),
        ({"items": []}, 200),
        ({"sent_at": "x", "items": []}, 200),
    ],
)
def test_a_body_is_bounded(client, body, status):
    _device, header = set_up(SurveyFactory())
    assert post(client, header, body).status_code == status


@pytest.mark.portable
def test_only_a_post_is_answered(client):
    assert client.get("/q/kirim/").status_code == 405


def test_an_error_in_the_middle_leaves_nothing_half_stored(device, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk")

    monkeypatch.setattr("surveys.services.offline._keep_refusals", fail)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        send(device, item(device))
    assert not Response.objects.exists()

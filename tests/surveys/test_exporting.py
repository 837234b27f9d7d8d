"""Taking answers out: who may, what is noted, and what becomes of the files."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from core.permissions import Role
from surveys.models import AnswerExport
from surveys.services.exports import KEPT, sweep_exports, write_file
from surveys.viewsets import exports as screens
from tests.factories import StaffFactory
from tests.signing_in import sign_in
from tests.surveys.factories import NOON, SurveyFactory, answer

pytestmark = pytest.mark.django_db
ASKED = {"format": "csv", "reason": "Laporan semester"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(agency):
    survey = SurveyFactory(agency=agency)
    for value in (1, 2, 3):
        answer(survey, value, extra={"comment": ["=1+1"]})
    return survey


@pytest.fixture
def url(survey):
    return reverse("survey_export", args=[survey.pk])


def body(response):
    return b"".join(response.streaming_content)


def test_csv_comes_at_once_and_the_log_says_who_took_it_and_why(client, agency_head, survey, url):
    client.force_login(agency_head)
    response = client.post(url, ASKED)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    rows = list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))
    assert [row["e_waktu"] for row in rows] == ["1", "2", "3"]
    entry = ModelLogEntry.objects.get(action="surveys.export")
    assert (entry.user, entry.object_id, entry.data["reason"]) == (agency_head, str(survey.pk), "Laporan semester")


def test_json_lines_come_at_once_too_and_words_only_when_asked_for_by_name(client, agency_head, url):
    client.force_login(agency_head)
    plain = ASKED | {"format": "jsonl"}
    assert "comment" not in body(client.post(url, plain)).decode()
    assert client.post(url, plain | {"texts": "on"}).url.startswith(reverse("account_reauthenticate"))
    sign_in(client, agency_head)
    lines = body(client.post(url, plain | {"texts": "on"})).decode().splitlines()
    assert [json.loads(line)["comment"] for line in lines] == ["=1+1"] * 3
    assert [row.has_texts for row in AnswerExport.objects.order_by("pk")] == [False, True]
    assert "Laporan semester" in client.get(url).content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_a_large_format_is_written_in_the_background_with_its_checksum(client, agency_head, url, kind):
    client.force_login(agency_head)
    assert client.post(url, ASKED | {"format": kind}).status_code == 302
    export = AnswerExport.objects.get()
    assert (export.state, export.rows_done, export.expires_at) == ("ready", 3, NOON + KEPT)
    html = client.get(url).content.decode()
    assert reverse("survey_export_file", args=[export.pk]) in html
    data = body(client.get(reverse("survey_export_file", args=[export.pk])))
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (export.sha256, export.size)
    if kind == "xlsx":
        assert load_workbook(io.BytesIO(data))["answers"].max_row == 4


def test_no_reason_no_file(client, agency_head, url):
    client.force_login(agency_head)
    assert client.post(url, ASKED | {"reason": " "}).status_code == 200
    assert not AnswerExport.objects.exists()
    assert not ModelLogEntry.objects.filter(action="surveys.export").exists()


def test_many_answers_leave_only_after_a_second_thought(client, agency_head, url, monkeypatch):
    monkeypatch.setattr(screens, "CONFIRM_ABOVE", 2)
    sign_in(client, agency_head)
    assert "confirmed" in client.post(url, ASKED).context["form"].errors
    assert client.post(url, ASKED | {"confirmed": "on"}).streaming


@pytest.mark.parametrize(
    ("person", "status"),
    [("agency_head", 200), ("regional_admin", 200), ("auditor", 200), ("editor", 403), ("officer", 403),
     ("verifier", 403), ("other_officer", 404)],
)  # fmt: skip
def test_only_who_answers_for_them_or_examines_them_takes_answers_out(client, url, survey, person, status, request):
    client.force_login(request.getfixturevalue(person))
    # Wagtail's admin turns a refusal into a way back.
    expected = {403: (302, 403)}.get(status, (status,))
    for address in (url, reverse("survey_codebook", args=[survey.pk, "csv"])):
        assert client.get(address).status_code in expected
    if status != 200:
        assert not client.post(url, ASKED).streaming
        assert not AnswerExport.objects.exists()


def test_a_file_is_for_whoever_asked_for_it_while_that_person_may(client, agency, agency_head, url, auditor):
    client.force_login(agency_head)
    client.post(url, ASKED | {"format": "xlsx"})
    address = reverse("survey_export_file", args=[AnswerExport.objects.get().pk])
    client.force_login(auditor)
    assert client.get(address).status_code == 404
    agency_head.role_assignments.update(role=Role.EDITOR)
    client.force_login(agency_head)
    assert client.get(address).status_code in (302, 403)


def test_a_file_is_deleted_when_its_time_is_over_and_the_note_stays(client, agency_head, url, noon):
    client.force_login(agency_head)
    client.post(url, ASKED | {"format": "parquet"})
    export = AnswerExport.objects.get()
    path = settings.PRIVATE_ROOT / export.file
    assert path.exists()
    assert sweep_exports(NOON + KEPT) == 0
    noon.shift(KEPT + timedelta(seconds=1))
    client.force_login(agency_head)
    assert client.get(reverse("survey_export_file", args=[export.pk])).status_code == 404
    assert sweep_exports(NOON + KEPT + timedelta(seconds=1)) == 1
    export.refresh_from_db()
    assert (path.exists(), export.state, export.reason) == (False, "expired", "Laporan semester")


def test_writing_a_file_again_changes_nothing(client, agency_head, url):
    client.force_login(agency_head)
    client.post(url, ASKED | {"format": "xlsx"})
    export = AnswerExport.objects.get()
    write_file(export_id=export.pk, now=NOON)
    assert AnswerExport.objects.get().file == export.file


def test_a_file_that_cannot_be_written_is_said_to_have_failed(survey, agency_head, monkeypatch):
    export = AnswerExport.objects.create(
        survey=survey, format="xlsx", reason="uji", requested_by=agency_head, requested_at=NOON
    )

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("surveys.services.exports.export_layout", broken)
    with pytest.raises(OSError, match="disk full"):
        write_file(export_id=export.pk, now=NOON)
    export.refresh_from_db()
    assert export.state == "failed"


def test_nobody_exports_what_lies_outside_the_own_agency(survey, other_agency, agency_head):
    stranger = StaffFactory(agency=other_agency, grants=[(Role.AGENCY_HEAD, other_agency)])
    chosen = screens.Selection(survey)
    assert chosen.answers(agency_head).count() == 3
    assert not chosen.answers(stranger).exists()

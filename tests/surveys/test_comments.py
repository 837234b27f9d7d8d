"""The inbox: whose comments, what is covered, and who did what with them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from surveys.comment_states import MOVES, State, may_move
from surveys.models import CommentCase, CommentEvent, Response
from surveys.personal_data import COVER, Kind, findings, masked
from surveys.selectors.comments import PAGE, Filters, inbox_for, read_key
from tests.surveys.factories import SurveyFactory, answer, make_point

NOW = datetime(2024, 5, 20, 5, tzinfo=UTC)
THEN = datetime(2024, 5, 6, 5, tzinfo=UTC)


# --- What looks like personal data --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NIK saya 3526010101900001.", [Kind.NIK]),
        ("3526 0101 0190 0001", [Kind.NIK]),
        ("35.26.01.010190.0001 lama", [Kind.NIK]),
        ("WA 081234567890 ya", [Kind.PHONE]),
        ("+62 812-3456-7890", [Kind.PHONE]),
        ("kantor (031) 3095555", [Kind.PHONE]),
        ("surat ke siti.a@contoh.go.id, terima kasih", [Kind.EMAIL]),
        ("siti@contoh.id 081234567890", [Kind.EMAIL, Kind.PHONE]),
    ],
)
def test_numbers_and_addresses_of_people_are_found(text, kinds):
    assert [hint.kind for hint in findings(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Antre 2 jam di loket 12",
        "Biaya Rp 1.500.000 terlalu mahal",
        "Nomor antrean 0123",
        "tahun 2024-2026",
        "email saja",
        "Perda 12/2019 pasal 5",
    ],
)
def test_ordinary_numbers_stay_readable(text):
    assert masked(text) == text


def test_only_the_finding_is_covered():
    assert masked("Hubungi 081234567890 besok") == f"Hubungi {COVER} besok"


def test_long_texts_are_searched_in_reasonable_time():
    # A detector that backtracks would not come back from this.
    assert masked("0" * 20_000 + "@" * 20_000)


# --- States -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (State.NEW, State.IN_PROGRESS, True), (State.NEW, State.DONE, True), (State.NEW, State.NEW, False),
        (State.IN_PROGRESS, State.DONE, True), (State.IN_PROGRESS, State.NEW, False),
        (State.DONE, State.IN_PROGRESS, True), (State.DONE, State.NEW, False), (State.DONE, State.DONE, False),
    ],
)  # fmt: skip
def test_every_move_is_allowed_or_not(before, after, allowed):
    assert may_move(before, after) is allowed
    assert State.NEW not in MOVES[before]


# --- The inbox ----------------------------------------------------------------------------------


@pytest.fixture
def survey(agency, service):
    return SurveyFactory(agency=agency)


def written(survey, text="Antre terlalu lama", at=THEN, **kwargs):
    return answer(survey, at=at, extra={"comment": [text]}, **kwargs)


@pytest.fixture
def comment(survey):
    return written(survey, "Petugas ramah, hubungi saya 081234567890")


def inbox(client, **query):
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse("ikm:inbox"), {"state": "", **query})


def step(client, comment, name, **data):
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse(f"ikm:{name}", args=[comment.pk]), data)


@pytest.mark.django_db
def test_a_list_covers_what_looks_personal_and_an_answer_without_words_is_not_in_it(client, officer, survey, comment):
    answer(survey, at=THEN)
    client.force_login(officer)
    response = inbox(client)
    assert [line["response"].pk for line in response.context["rows"]] == [comment.pk]
    assert "081234567890" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_reason_for_a_low_score_stands_in_the_inbox_with_its_element(client, officer, survey):
    low = answer(survey, at=THEN, waktu=1)
    Response.objects.filter(pk=low.pk).update(reasons={"waktu": "Menunggu tiga jam"})
    client.force_login(officer)
    reasons = inbox(client).context["rows"][0]["reasons"]
    assert reasons == [{"element": "Waktu penyelesaian", "score": 1, "text": "Menunggu tiga jam"}]


@pytest.mark.django_db
def test_another_agency_reads_no_comment(client, other_officer, comment):
    client.force_login(other_officer)
    assert inbox(client).context["rows"] == []
    for name in ("comment", "move", "note", "reveal"):
        url = reverse(f"ikm:{name}", args=[comment.pk])
        assert client.get(url).status_code in (404, 405)
        assert client.post(url, {"to": "done", "note": "x"}).status_code in (404, 405)
    assert not CommentCase.objects.exists()


@pytest.mark.django_db
def test_pages_follow_each_other_without_gaps_or_repeats(officer, survey):
    made = [written(survey, f"Komentar {place}", THEN + timedelta(days=place % 5)).pk for place in range(PAGE + 7)]
    first = inbox_for(officer, Filters(), after="", now=NOW)
    second = inbox_for(officer, Filters(), after=first.after, now=NOW)
    found = [row.pk for row in first.rows + second.rows]
    assert (len(first.rows), second.after) == (PAGE, "")
    assert sorted(found) == sorted(made)
    assert [(row.period_on, row.pk) for row in first.rows] == sorted(
        ((row.period_on, row.pk) for row in first.rows), reverse=True
    )


@pytest.mark.parametrize(
    "key", ["", "x", "2024-13-01.4", "2024-05-01.", "2024-05-01.²", "." * 40, "2024-05-01." + "9" * 30]
)
def test_a_broken_key_is_the_first_page(key):
    assert read_key(key) is None


@pytest.mark.django_db
def test_filters_narrow_to_days_service_point_state_and_person(client, officer, survey, service, agency):
    point = make_point(survey, service=service)
    old = written(survey, "Lama", at=THEN - timedelta(days=200))
    here = written(survey, "Di loket", point=point, channel="qr")
    client.force_login(officer)
    shown = lambda **query: {line["response"].pk for line in inbox(client, **query).context["rows"]}  # noqa: E731
    assert shown() == {here.pk}
    assert shown(days="366") == {old.pk, here.pk}
    assert shown(point=point.pk) == shown(service=service.pk) == {here.pk}
    step(client, here, "move", to="in_progress")
    assert shown(state="in_progress") == shown(mine="on") == {here.pk}
    assert shown(state="new") == shown(state="done") == set()
    assert shown(days="7") == {here.pk}
    assert shown(agency="999999") == {here.pk}


# --- Work ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_taking_up_and_finishing_leave_a_trace_each(client, officer, agency_head, comment):
    client.force_login(officer)
    assert step(client, comment, "move", to="in_progress", note="Dicek", assignee=agency_head.pk).status_code == 302
    case = CommentCase.objects.get(response=comment)
    assert (case.state, case.assignee, case.changed_at) == ("in_progress", agency_head, NOW)
    step(client, comment, "move", to="done")
    events = CommentEvent.objects.filter(case=case).order_by("pk").values_list("action", "state", "note", "actor")
    assert list(events) == [("move", "in_progress", "Dicek", officer.pk), ("move", "done", "", officer.pk)]


@pytest.mark.django_db
def test_a_move_the_state_does_not_allow_changes_nothing(client, officer, comment):
    client.force_login(officer)
    step(client, comment, "move", to="done")
    for to in ("new", "done", "", "x"):
        step(client, comment, "move", to=to)
    assert CommentEvent.objects.count() == 1


@pytest.mark.django_db
def test_nobody_of_another_agency_can_be_given_a_comment(client, officer, other_officer, comment):
    client.force_login(officer)
    step(client, comment, "move", to="in_progress", assignee=other_officer.pk)
    assert not CommentEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["editor", "auditor"])
def test_a_reader_reads_covered_and_works_on_nothing(client, request, reader, comment):
    client.force_login(request.getfixturevalue(reader))
    shown = client.get(reverse("ikm:comment", args=[comment.pk]))
    assert shown.status_code == 200
    assert "081234567890" not in shown.content.decode()
    for name in ("move", "note", "reveal"):
        assert step(client, comment, name, to="done", note="x").status_code in (302, 403)
    assert not CommentEvent.objects.exists()


@pytest.mark.django_db
def test_opening_what_is_covered_is_written_down(client, officer, comment):
    client.force_login(officer)
    assert "081234567890" in step(client, comment, "reveal").content.decode()
    assert CommentEvent.objects.get().action == "reveal"
    assert client.get(reverse("ikm:reveal", args=[comment.pk])).status_code == 405


@pytest.mark.django_db
def test_a_note_stays_with_the_comment(client, officer, comment):
    client.force_login(officer)
    step(client, comment, "note", note="Sudah ditelepon")
    step(client, comment, "note", note="")
    assert CommentEvent.objects.get().note == "Sudah ditelepon"
    assert "Sudah ditelepon" in client.get(reverse("ikm:comment", args=[comment.pk])).content.decode()

"""Complaint screens of the staff: who sees what, and what is due first."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.screens import NOW, STAFF, listed, post_move, somebody, url
from workflows.models import Complaint
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]


# --- Who sees what -------------------------------------------------------------------------


@pytest.mark.portable
@pytest.mark.parametrize("name", STAFF)
def test_what_is_listed_is_what_opens(client, request, cases, far_case, name):
    client.force_login(somebody(request, name))
    opened = {case.pk for case in Complaint.objects.all() if client.get(url("case", case)).status_code == 200}
    explained = {case.pk for case in Complaint.objects.all() if client.get(url("deadline", case)).status_code == 200}
    assert listed(client) == opened == explained
    assert far_case.pk not in opened


@pytest.mark.portable
def test_another_agencys_officer_sees_nothing(client, other_officer, cases):
    client.force_login(other_officer)
    assert listed(client) == set()
    for case in cases.values():
        assert client.get(url("case", case)).status_code == 404
        assert client.get(url("deadline", case)).status_code == 404
        assert client.post(url("reveal", case), {"reason": "ingin tahu saja"}).status_code == 404
        assert post_move(client, case, "note", words="Catatan").status_code == 404


@pytest.mark.portable
def test_the_officer_sees_only_what_was_forwarded_there(client, officer, cases):
    client.force_login(officer)
    assert cases[Status.RECEIVED].pk not in listed(client)
    assert cases[Status.FORWARDED].pk in listed(client)


@pytest.mark.portable
@pytest.mark.parametrize("path", ["", "baru/"])
def test_an_editor_has_no_complaint_screens(client, editor, people, path):
    client.force_login(editor)
    assert client.get(f"/admin/pengaduan/{path}").status_code == 302
    assert "pengaduan" not in client.get("/admin/").content.decode()


@pytest.mark.portable
def test_a_visitor_is_sent_to_sign_in(client, cases):
    assert client.get(url("case", cases[Status.RECEIVED])).url.startswith("/akun/login/")


def test_searching_finds_nothing_of_another_region(client, verifier, cases, far_case):
    client.force_login(verifier)
    response = client.get(reverse("complaints:queue"), {"tab": "all", "q": "Sampang"})
    assert response.context["rows"] == []
    assert "Kasus Sampang" not in response.content.decode()


# --- The queue -----------------------------------------------------------------------------


def test_what_is_due_first_stands_on_top(client, verifier, people):
    late = make_complaint(now=FILED_AT - timedelta(days=21))
    fresh = make_complaint(now=NOW - timedelta(hours=1))
    client.force_login(verifier)
    rows = client.get(reverse("complaints:queue")).context["rows"]
    assert [case.pk for case, _words in rows] == [late.pk, fresh.pk]
    assert [words.standing for _case, words in rows] == ["late", "ok"]


@pytest.mark.portable
def test_standing_is_told_in_words(client, verifier, people):
    make_complaint(now=FILED_AT - timedelta(days=21))
    client.force_login(verifier)
    text = client.get(reverse("complaints:queue"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "s-due--late" in text


def test_the_list_opens_with_what_waits_for_this_person(client, verifier, officer, cases):
    turns = {verifier: {Status.RECEIVED, Status.VERIFIED, Status.IN_REVIEW}}
    turns[officer] = {Status.FORWARDED, Status.IN_PROGRESS, Status.ON_HOLD}
    for person, statuses in turns.items():
        client.force_login(person)
        tab = client.get(reverse("complaints:queue"))
        assert tab.context["tab"] == "turn"
        assert {case.status for case, _words in tab.context["rows"]} == statuses


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"status": "forwarded"}, {Status.FORWARDED}),
        ({"status": "no-such"}, set(Status)),
        ({"mine": "on"}, set()),
        ({"agency": "999999"}, set(Status)),
        ({"q": "Jalan berlubang"}, set(Status)),
        ({"q": "%"}, set()),
        ({"p": "9" * 30}, set(Status)),
    ],
)
def test_filters(client, verifier, cases, filters, found):
    client.force_login(verifier)
    rows = client.get(reverse("complaints:queue"), {"tab": "all", **filters}).context["rows"]
    assert {case.status for case, _words in rows} == found


def test_filtering_by_agency_takes_its_units_along(client, verifier, cases, agency):
    client.force_login(verifier)
    rows = client.get(reverse("complaints:queue"), {"tab": "all", "agency": agency.pk}).context["rows"]
    assert {case.current_agency_id for case, _words in rows} == {agency.pk}


def test_only_late_ones(client, verifier, people):
    late = make_complaint(now=FILED_AT - timedelta(days=21))
    make_complaint(now=NOW - timedelta(hours=1))
    client.force_login(verifier)
    rows = client.get(reverse("complaints:queue"), {"overdue": "on"}).context["rows"]
    assert [case.pk for case, _words in rows] == [late.pk]


@pytest.mark.parametrize("number", [1, 12])
def test_the_queue_asks_few_questions_however_long_it_is(client, verifier, people, number):
    for _case in range(number):
        make_complaint(Status.FORWARDED)
    client.force_login(verifier)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("complaints:queue"), {"tab": "open"})
    # The other half are Wagtail's own: session, person, permissions, menu.
    ours = [
        query
        for query in queries.captured_queries
        if re.search(r'FROM "(workflows|core_agency|core_role)', query["sql"])
    ]
    assert len(ours) <= 10
    assert len(queries) <= 18

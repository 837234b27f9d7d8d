"""The queue finds a case by what was written in it, and lists what waits for the arbiter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import textsearch
from core.textsearch import TextIndex
from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.screens import NOW, listed, somebody
from workflows.models import Complaint, Message, SavedFilter
from workflows.selectors import casesearch, queue
from workflows.services import agency as office
from workflows.services import desk
from workflows.services.conversation import send_message
from workflows.services.erasure import erase_reporter
from workflows.states import Reason, Status
from workflows.views.staff import queue as queue_view

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]
QUEUE = "complaints:queue"


def write(case, person, words, *, is_public=True):
    send_message(complaint_id=case.pk, actor=person, words=words, is_public=is_public, now=NOW)


@pytest.mark.parametrize("is_public", [True, False])
def test_a_case_is_found_by_what_was_written_in_it(client, people, is_public):
    case, _other = make_complaint(Status.FORWARDED), make_complaint(Status.FORWARDED)
    write(case, people["verifier"], "Genangannya setinggi lutut, pakai pompa.", is_public=is_public)
    client.force_login(people["verifier"])
    assert listed(client, q="genangan pompa") == {case.pk}
    assert listed(client, q="genangan jembatan") == set()
    # The words stand in two places of the case, but together in neither.
    assert listed(client, q="genangan berlubang") == set()


def test_only_who_may_see_the_case_finds_it_by_its_messages(client, request, people, far_case, other_officer):
    shown = make_complaint(Status.FORWARDED, is_confidential=True)
    for case in (shown, far_case):
        Message.objects.create(
            complaint=case, event=case.events.first(), is_public=True, author_kind="reporter", body="Kudanil", at=NOW
        )
    for name, found in (("verifier", {shown.pk}), ("officer", {shown.pk}), ("other_officer", set())):
        client.force_login(somebody(request, name))
        assert listed(client, q="kudanil") == found
    erase_reporter(complaint_id=shown.pk, actor=people["admin"], reason="Diminta oleh pelapor.", now=NOW)
    client.force_login(people["verifier"])
    assert listed(client, q="kudanil") == set()


@pytest.mark.parametrize("name", ["verifier", "officer", "agency_head"])
def test_under_every_tab_words_find_what_it_lists_with_the_same_filters(client, request, cases, far_case, name):
    """Ended cases whose reporter nobody has heard among them; every case of the region is about a road."""
    Complaint.objects.filter(status__in=(Status.CLOSED, Status.FOLLOWED_UP)).update(unheard_since=NOW)
    client.force_login(somebody(request, name))
    for tab in queue.TABS:
        for filters in ({}, {"status": "closed"}, {"overdue": "on"}):
            assert listed(client, tab, q="jalan", **filters) == listed(client, tab, **filters), (tab, filters)
    assert (cases[Status.CLOSED].pk in listed(client, "turn", q="jalan")) is (name == "verifier")
    number = cases[Status.CLOSED].reference
    assert listed(client, "turn", q=number) == listed(client, "turn", status="closed", q="jalan")


@pytest.mark.parametrize("few", [1, 2000], ids=["along the ids", "collected and sorted"])
def test_a_case_that_says_it_often_stands_in_the_list_once(client, people, monkeypatch, few):
    monkeypatch.setattr(textsearch, "FEW", few)
    monkeypatch.setattr(queue_view, "PAGE_SIZE", 2)
    monkeypatch.setattr(casesearch, "REPEATED", (1, 50))
    cases = [make_complaint(Status.FORWARDED) for _number in range(5)]
    for case, often in zip(cases, (1, 9, 2, 7, 1), strict=True):
        for number in range(often):
            write(case, people["verifier"], f"Kudanil ke-{number}", is_public=False)
    client.force_login(people["verifier"])
    pages, address = [], "?tab=all&q=kudanil"
    while address:
        response = client.get(reverse(QUEUE) + address)
        pages.append([case.pk for case, _words in response.context["rows"]])
        address = response.context["pages"].get("next")
    assert pages == [[cases[4].pk, cases[3].pk], [cases[2].pk, cases[1].pk], [cases[0].pk]]
    last = client.get(reverse(QUEUE) + "?tab=all&q=kudanil&last=1")
    assert [case.pk for case, _words in last.context["rows"]] == [cases[1].pk, cases[0].pk]


def test_the_index_is_filled_from_what_was_written_before(people):
    case = make_complaint()
    write(case, people["verifier"], "Kudanil di kolam.", is_public=False)
    # PostgreSQL alters no table with checks that are still to come.
    connection.check_constraints()
    words = TextIndex("workflows_message", ("body",), owner="complaint_id")
    words.remove(connection)
    words.install(connection)
    found = words.matching(Complaint.objects.all(), "kudanil")
    assert [row.pk for row in found] == [case.pk]


def given_back_twice(people):
    case = make_complaint(Status.VERIFIED)
    for _time in range(2):
        desk.forward_complaint(complaint_id=case.pk, agency=people["agency"], actor=people["admin"], now=NOW)
        office.return_to_coordinator(
            complaint_id=case.pk, actor=people["officer"], reason=Reason.NOT_OURS, explanation="Bukan tugas kami.",
            now=NOW,
        )  # fmt: skip
    return case


def test_what_waits_for_the_arbiter_is_a_filter_that_can_be_kept(client, people):
    case = given_back_twice(people)
    make_complaint(Status.VERIFIED)
    client.force_login(people["verifier"])
    for tab in ("turn", "open", "all"):
        assert listed(client, tab, arbiter="on") == {case.pk}
    wrong = client.get(reverse(QUEUE), {"tab": "all", "arbiter": "on", "status": "forwarded"})
    assert wrong.context["form"].errors["arbiter"]
    client.post(reverse("complaints:save_filter"), {"name": "Penengah", "query": "tab=turn&arbiter=on", "region": ""})
    assert SavedFilter.objects.get(name="Penengah").query == "tab=turn&arbiter=on"
    desk.forward_complaint(complaint_id=case.pk, agency=people["agency"], actor=people["admin"], now=NOW)
    assert listed(client, "all", arbiter="on") == set()


@pytest.mark.parametrize("asked", ["q=jalan", "arbiter=on", "q=jalan&arbiter=on"])
def test_a_search_fits_the_budget_of_the_queue(client, people, asked):
    make_complaint(Status.VERIFIED, now=FILED_AT)
    client.force_login(people["verifier"])
    client.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{reverse(QUEUE)}?tab=all&{asked}")
    ours = [query["sql"] for query in queries if "workflows_" in query["sql"]]
    assert len(ours) <= 8, "\n".join(ours)

"""The queue: pages by key, search by words, saved filters, and one step for many cases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.merging import Part, bounded_counts, merged_keys
from core.models import Notification
from core.services.roles import sync_roles
from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.screens import NOW, STAFF, listed, somebody, state
from workflows.models import Complaint, ConflictOfInterest, SavedFilter
from workflows.selectors import queue
from workflows.services.conversation import send_message
from workflows.states import Status
from workflows.views.staff import queue as queue_view

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]
QUEUE = "complaints:queue"


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(queue_view, "PAGE_SIZE", 2)


def bulk(client, do, cases, versions=None, **typed):
    chosen = [f"{case.reference}:{Complaint.objects.get(pk=case.pk).version}" for case in cases]
    data = {"do": do, "confirm": "1", "case": versions or chosen}
    return client.post(reverse("complaints:bulk"), data | {f"{do}-{key}": value for key, value in typed.items()})


def kinds(response):
    return {outcome.reference: outcome.kind for outcome in response.context["outcomes"]}


# --- Pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STAFF)
def test_page_by_page_each_tab_lists_what_may_be_seen_and_nothing_twice(
    client, request, cases, far_case, small_pages, name
):
    person = somebody(request, name)
    client.force_login(person)
    seen = Complaint.objects.visible_to(person)
    for tab, statuses in queue.TAB_STATUSES.items():
        if tab != queue.TURN:
            assert listed(client, tab) == {case.pk for case in seen if case.status in statuses}
    assert listed(client, queue.TURN) <= {case.pk for case in seen}


@pytest.mark.portable
def test_the_last_page_and_the_way_back(cases):
    rows = Complaint.objects.all()
    parts = [Part(rows.filter(status=status), "queue_at") for status in Status]
    whole = list(rows.order_by("queue_at", "pk").values_list("pk", flat=True))

    def page(**given):
        return merged_keys(lambda: parts, given, about="test", values={}, size=5, newest_first=False)

    found, keys = [], page(last="1")
    while keys.ids:
        found = keys.ids + found
        keys = page(before=keys.before) if keys.before else keys
        if found[0] == whole[0]:
            break
    assert found == whole
    groups = {"all": [part.rows for part in parts], "none": []}
    assert bounded_counts(lambda: groups, 100, about="test", values={}) == {"all": len(whole), "none": 0}


@pytest.mark.parametrize("name", ["verifier", "officer", "regional_admin"])
@pytest.mark.parametrize(
    "query", ["", "tab=open&last=1", "tab=all&q=jalan&agency={0}&category=jalan&overdue=on&mine=on&undelivered=on"]
)
def test_the_whole_page_asks_eight_questions(client, request, people, name, query):
    for _number in range(9):
        make_complaint(Status.FORWARDED)
    person = somebody(request, name)
    sync_roles()
    client.force_login(person)
    client.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{reverse(QUEUE)}?{query.format(people['agency'].pk)}")
    assert len(queries) <= 8, "\n".join(query["sql"][:150] for query in queries)


# --- Search --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("gorong-gorong", 1), ("GORONG pasar", 1), ("gor", 1), ("gorong jembatan", 0), ("%", 0), ("' OR 1=1 --", 0)],
)
def test_words_are_found_as_beginnings_and_together(client, verifier, people, text, number):
    make_complaint(title="Gorong-gorong mampet", body="Air meluap ke jalan di depan pasar setiap hujan.")
    make_complaint()
    client.force_login(verifier)
    assert len(listed(client, q=text)) == number


def test_the_index_follows_what_is_written_and_erased(client, verifier, people):
    case = make_complaint(title="Gorong-gorong mampet")
    Complaint.objects.filter(pk=case.pk).update(title="Dihapus", body="-")
    client.force_login(verifier)
    assert listed(client, q="gorong") == set()
    assert listed(client, q="dihapus") == listed(client, q=case.reference.lower()) == {case.pk}


def test_search_leaves_no_trace_of_a_case_one_may_not_see(client, request, people, far_case, other_officer):
    make_complaint(Status.FORWARDED, title="Semangkadua rahasia", is_confidential=True)
    for name, number in (("other_officer", 0), ("officer", 1), ("verifier", 1)):
        client.force_login(somebody(request, name))
        assert len(listed(client, q="semangkadua")) == number
        assert listed(client, q="Sampang") == listed(client, q=far_case.reference) == set()
        page = client.get(reverse(QUEUE), {"tab": "all", "q": "semangkadua"})
        assert ("Semangkadua" in page.content.decode()) is bool(number)


# --- Saved filters -------------------------------------------------------------------------


@pytest.mark.portable
def test_a_filter_is_kept_for_oneself_or_shared_by_the_desk(client, verifier, officer, people, region):
    client.force_login(verifier)
    address = reverse("complaints:save_filter")
    client.post(address, {"name": "Terlambat", "query": "tab=open&overdue=on&next=//evil"})
    client.post(address, {"name": "Semua", "query": "tab=all", "region": region.pk})
    assert SavedFilter.objects.get(name="Terlambat").query == "tab=open&overdue=on"
    client.force_login(officer)
    client.post(address, {"name": "Curang", "query": "tab=all", "region": region.pk})
    assert [row.name for row in client.get(reverse(QUEUE)).context["saved"]] == ["Semua"]
    for row in SavedFilter.objects.all():
        client.post(reverse("complaints:delete_filter", args=[row.pk]))
    assert SavedFilter.objects.count() == 2


# --- Many at once --------------------------------------------------------------------------


def test_each_case_is_asked_its_own_permission(client, officer, cases, far_case):
    client.force_login(officer)
    chosen = [cases[Status.FORWARDED], cases[Status.CLOSED], cases[Status.RECEIVED], far_case]
    response = bulk(client, "accept", chosen, assignee="")
    found = [kinds(response)[case.reference] for case in chosen]
    assert found == ["done", "refused", "missing", "missing"]
    assert state(cases[Status.FORWARDED]) == Status.IN_PROGRESS


@pytest.mark.portable
def test_a_conflict_is_named_and_nothing_is_overwritten(client, verifier, people):
    case = make_complaint()
    send_message(complaint_id=case.pk, actor=people["admin"], words="Saya periksa dulu.", is_public=False)
    client.force_login(verifier)
    response = bulk(client, "verify", [case], versions=[f"{case.reference}:{case.version}"], note="")
    outcome = response.context["outcomes"][0]
    assert outcome.kind == "conflict"
    assert str(people["admin"]) in outcome.words
    assert state(case) == Status.RECEIVED


@pytest.mark.portable
def test_many_cases_for_where_nobody_would_be_told_are_asked_about_first(client, verifier, people, other_agency):
    case = make_complaint(Status.VERIFIED)
    client.force_login(verifier)
    asked = bulk(client, "forward", [case], agency=other_agency.pk)
    assert (asked.status_code, asked.context["doubt"].agencies, state(case)) == (422, [other_agency], Status.VERIFIED)
    assert kinds(bulk(client, "forward", [case], agency=people["agency"].pk)) == {case.reference: "done"}


@pytest.mark.portable
def test_whichever_case_nobody_would_be_told_of_is_named_once_for_all_of_them(client, verifier, people):
    plain, delicate, further = (make_complaint(Status.VERIFIED) for _number in range(3))
    done = make_complaint(Status.IN_PROGRESS)
    for case in (delicate, done):
        ConflictOfInterest.objects.create(complaint=case, user=people["officer"], named_by=people["admin"], at=FILED_AT)
    chosen, agency = [plain, done, delicate, further], people["agency"]
    client.force_login(verifier)
    asked = bulk(client, "forward", chosen, agency=agency.pk)
    assert (asked.status_code, asked.context["doubt"].agencies) == (422, [agency])
    # Only what this person could send at all: the case in work is refused anyway.
    assert [case.pk for case in asked.context["doubt"].cases] == [delicate.pk]
    assert {state(case) for case in (plain, delicate, further)} == {Status.VERIFIED}
    versions = [f"{case.reference}:{case.version}" for case, _version in asked.context["cases"]]
    form = {"do": "forward", "confirm": "1", "anyway": "1", "case": versions, "forward-agency": agency.pk}
    found = kinds(client.post(reverse("complaints:bulk"), form))
    assert [found[case.reference] for case in chosen] == ["done", "refused", "done", "done"]


@pytest.mark.portable
def test_an_auditor_changes_nothing_in_bulk(client, auditor, cases):
    client.force_login(auditor)
    before = Notification.objects.count()
    response = bulk(client, "note", list(cases.values()), words="Catatan massal.")
    assert set(kinds(response).values()) == {"refused"}
    assert Notification.objects.count() == before


def test_marked_as_read_until_it_changes(client, verifier, people):
    case = make_complaint(now=FILED_AT)
    client.force_login(verifier)

    def is_new():
        ((row, _words),) = client.get(reverse(QUEUE)).context["rows"]
        return row.read_version != row.version

    assert is_new()
    bulk(client, "read", [case])
    assert not is_new()
    send_message(complaint_id=case.pk, actor=verifier, words="Ada kabar.", is_public=False, now=NOW)
    assert is_new()

"""What the queue asks is what the plain ORM would ask, and every list is led by an index on both databases."""

import json
import re
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.urls import reverse

from core.models import Agency, Notification
from core.notifications import enqueue
from core.planner import count_tables
from core.selectors import undelivered
from tests.workflows.factories import make_complaint
from tests.workflows.screens import NOW, STAFF, listed, somebody
from workflows.models import Complaint
from workflows.selectors import queue
from workflows.selectors.casesearch import found_keys
from workflows.selectors.queue_lists import lists_for
from workflows.selectors.seats import seats_of
from workflows.states import Status
from workflows.texts import CASE_WORDS, MESSAGE_WORDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]
PAGES = [f"tab={tab}{end}" for tab in queue.TABS for end in ("", "&last=1")]
SHOWN = ("reference", "title", "status", "version", "channel", "next_due_at", "received_at", "share", "is_confidential")


@pytest.mark.parametrize("name", STAFF)
def test_kept_statements_find_what_the_plain_orm_finds(request, cases, far_case, name):
    person = somebody(request, name)
    visible = Complaint.objects.visible_to(person)
    asked = [*(case.pk for case in cases.values()), far_case.pk][: queue.MOST_IDS]
    for _time in range(2):
        found = queue.cases_of(person, asked)
        assert {case.pk for case in found} == set(visible.filter(pk__in=asked).values_list("pk", flat=True))
        for case in found:
            plain = visible.select_related(*queue.RELATED).get(pk=case.pk)
            assert [getattr(case, field) for field in SHOWN] == [getattr(plain, field) for field in SHOWN]
            for related in ("region", "category", "current_agency", "assignee", "district"):
                assert str(getattr(case, related)) == str(getattr(plain, related))
        lists = lists_for(person)
        assert [row.pk for row in lists.agencies] == [
            row.pk for row in Agency.objects.visible_to(person).in_tree_order()
        ]
        counts = queue.tab_counts(person, seats_of(person, lists.agencies))
        for tab in (queue.OPEN, queue.WAITING):
            assert counts[tab] == visible.filter(status__in=queue.TAB_STATUSES[tab]).count()


NARROWED = [
    queue.Wanted(extra=(queue.LATE,)),
    queue.Wanted(extra=(queue.UNASSIGNED,)),
    queue.Wanted(extra=(queue.LATE, queue.UNASSIGNED)),
    *(queue.Wanted(statuses=(status,)) for status in Status),
    *(queue.Wanted(statuses=(status,), extra=(queue.LATE,)) for status in (Status.FORWARDED, Status.CLOSED)),
]


def test_a_narrowed_list_holds_what_the_plain_orm_finds(request, cases, far_case):
    officer = somebody(request, "officer")
    late, mine = (Status.RECEIVED, Status.IN_PROGRESS), (Status.IN_PROGRESS, Status.CLOSED)
    Complaint.objects.filter(status__in=late).update(next_due_at=NOW - timedelta(hours=1))
    Complaint.objects.filter(status__in=mine).update(assignee=officer)
    for person in (somebody(request, name) for name in STAFF):
        seats = seats_of(person, lists_for(person).agencies)
        for tab, wanted in product(set(queue.TABS) - {queue.TURN}, NARROWED):
            keys = queue.queue_keys(person, seats, tab=tab, wanted=wanted, given={}, size=100, now=NOW)
            asked = {name: NOW if name == "queue_at__lt" else value for name, value in wanted.extra}
            plain = Complaint.objects.visible_to(person).filter(status__in=queue.TAB_STATUSES[tab], **asked)
            plain = plain.filter(status__in=wanted.statuses) if wanted.statuses else plain
            assert sorted(keys.ids) == sorted(plain.values_list("pk", flat=True)), (person, tab, wanted)


def test_search_finds_of_each_list_what_holds_the_word_and_nothing_beside(request, cases, far_case):
    titled = [case.pk for case in cases.values()][::2]
    Complaint.objects.filter(pk__in=titled).update(title="Gorong-gorong mampet")
    # Ended, and its reporter waits to be heard: it stands in the turn of the desk.
    Complaint.objects.filter(pk__in=[cases[Status.CLOSED].pk, titled[-1]]).update(unheard_since=NOW)
    for person in (somebody(request, name) for name in ("regional_admin", "officer")):
        seats = seats_of(person, lists_for(person).agencies)
        for tab, wanted in product(queue.TABS, (queue.Wanted(), *NARROWED)):
            asked = {"tab": tab, "wanted": wanted, "given": {}, "size": 40, "now": NOW}
            listed = queue.queue_keys(person, seats, **asked)
            found = found_keys(person, seats, "mampet", **asked)
            assert sorted(found.ids) == sorted(set(listed.ids) & set(titled)), (person, tab, wanted)


@pytest.fixture
def explained(client, monkeypatch):
    """The plans of all statements about cases that a page asks, as the database would run them on a large table."""

    def explain(query, *, without):
        seen = []

        def listen(execute, sql, params, many, context):
            if "workflows_" in sql:
                seen.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            assert client.get(f"{reverse('complaints:queue')}?{query}").status_code == 200
        with connection.cursor() as cursor:
            for way in without if connection.vendor == "postgresql" else ():
                cursor.execute(f"SET LOCAL enable_{way} = off")
            for sql, params in seen:
                yield sql, _plan(cursor, sql, params)

    return explain


def _plan(cursor, sql, params):
    if connection.vendor == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in cursor.fetchall()]
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    found = cursor.fetchone()[0]
    return list(_steps((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))


def _steps(node):
    yield " ".join(str(node[key]) for key in ("Node Type", "Relation Name", "Index Name") if key in node)
    for below in node.get("Plans", ()):
        yield from _steps(below)


MERGED = "SELECT * FROM ("
LEADING = ("queue_by_", "cases_by_", "legs_of_an_agency")
STUCK = "notification_undelivered"
WHOLE_TABLE = re.compile(r"^SCAN workflows_complaint$|^Seq Scan workflows_complaint$")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["verifier", "officer"])
def test_each_list_is_led_by_an_index(client, request, people, explained, name):
    for status in (Status.RECEIVED, Status.FORWARDED, Status.CLOSED):
        make_complaint(status)
    client.force_login(somebody(request, name))
    for query in PAGES:
        plans = list(explained(query, without=("seqscan", "bitmapscan", "sort")))
        for sql, plan in plans:
            assert not any(WHOLE_TABLE.search(step) for step in plan), (query, plan)
            if sql.startswith(MERGED):
                assert any(index in step for step in plan for index in LEADING), (query, plan)
        assert any(sql.startswith(MERGED) for sql, _plan in plans)


# How many different values a column has among a hundred thousand cases of a regency.
VALUES = {"region_id": 1, "status": 8, "assignee_id": 30, "current_agency_id": 30, "category_id": 9, "parent_id": 50}
CASES, UNENDED_CASES = 100_000, 6_000


@pytest.fixture
def many_cases(cases):
    """SQLite plans as after a night's count of so many cases, of which no reporter waits to be heard."""
    with connection.cursor() as cursor:
        count_tables()
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'workflows_complaint' AND idx IS NOT NULL")
        for (index,) in cursor.fetchall():
            cursor.execute("UPDATE sqlite_stat1 SET stat = %s WHERE idx = %s", [_counted(cursor, index), index])
        cursor.execute("ANALYZE sqlite_schema")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def _counted(cursor, index):
    """Entries, then entries that share the first column, the first two, and so on."""
    cursor.execute(f"SELECT name FROM pragma_index_info('{index}')")
    left = UNENDED_CASES if index.startswith("queue_") else CASES
    numbers = [left]
    for (column,) in cursor.fetchall():
        left = max(1, left // VALUES.get(column, CASES))
        numbers.append(left)
    return " ".join(map(str, numbers))


LED = (
    ("tab=ended&unassigned=on", "cases_by_officer"),
    ("tab=waiting&unassigned=on", "queue_by_officer"),
    ("tab=all&status=verified", "queue_by_status"),
    ("tab=all&overdue=on", "queue_by_status"),
    ("tab=turn", "queue_unheard"),
)


# PostgreSQL counts by itself, and what it would choose cannot be told from a small table.
@pytest.mark.portable
def test_few_cases_are_not_looked_for_among_all(client, verifier, people, explained, many_cases):
    client.force_login(verifier)
    for query, index in LED:
        plans = list(explained(query, without=()))
        (plan,) = [plan for sql, plan in plans if sql.startswith(MERGED)]
        assert any(index in step for step in plan), (query, plan)
        counted = [step for sql, plan in plans if sql.startswith("SELECT %s, (SELECT COUNT") for step in plan]
        assert any("queue_unheard" in step for step in counted)
        assert not any("cases_by_" in step for step in counted), counted


@pytest.mark.parametrize(
    ("name", "tab"),
    [("officer", queue.TURN), ("officer", queue.ALL), ("verifier", queue.OPEN), ("verifier", queue.ALL)],
)
def test_undelivered_news_is_listed_from_its_own_index(client, request, people, explained, name, tab):
    case = make_complaint(Status.FORWARDED)
    Notification.objects.all().delete()
    client.force_login(somebody(request, name))
    make_complaint(Status.FORWARDED)
    about = f"complaint:{case.pk}"
    enqueue("complaint_closed", to="siti@example.org", dedupe_key="a", about=about)
    for sent, error, number in ((None, "", 0), (None, "stopped", 0), (None, "no gateway", 1), (NOW, "no gateway", 0)):
        Notification.objects.update(purpose="case", sent_at=sent, last_error=error)
        assert undelivered(about).count() == number
        assert listed(client, tab, undelivered="on") == ({case.pk} if number else set())
    plans = list(explained(f"tab={tab}&undelivered=on", without=("seqscan", "bitmapscan", "sort")))
    (plan,) = [plan for sql, plan in plans if sql.startswith(MERGED)]
    assert any(STUCK in step for step in plan), plan


@pytest.mark.parametrize("name", ["verifier", "officer"])
def test_words_are_looked_up_in_the_index_of_words(client, request, people, explained, name):
    make_complaint(Status.FORWARDED, title="Gorong-gorong mampet", now=NOW)
    client.force_login(somebody(request, name))
    plans = [plan for _sql, plan in explained("tab=all&q=gorong", without=("seqscan",))]
    steps = {step for plan in plans for step in plan}
    assert not any(WHOLE_TABLE.search(step) for step in steps)
    for index in (CASE_WORDS, MESSAGE_WORDS):
        if connection.vendor == "postgresql":
            steps |= set(_words_of(index))
        assert any(index.name in step for step in steps), steps


def _words_of(index):
    """PostgreSQL chooses by how many rows hold a word; on a large table with few of them it is this."""
    with connection.cursor() as cursor:
        return _plan(cursor, f"SELECT id FROM {index.table} WHERE words @@ to_tsquery('simple', %s)", ["gorong:*"])

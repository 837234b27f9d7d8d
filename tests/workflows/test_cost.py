"""How many statements a move costs, with its event, clocks, words, letters and every guard on."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.backends import StaffBackend
from core.services.roles import sync_roles
from tests.factories import ServiceFactory
from tests.workflows.factories import WORDS, Walk, cast_of, make_receipt
from workflows.form_tokens import new_token
from workflows.models import Complaint, ComplaintEvent, Message
from workflows.services import agency, desk, replies
from workflows.services.identity import Identity
from workflows.states import Status

pytestmark = pytest.mark.django_db
MOST, WHOLE_MOVE = 10, 16
TRANSACTION = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)")
IDENTITY = Identity("Sulastri", "0812-3456-7890", "sulastri@example.org")


@pytest.fixture
def warm(people, region):
    """Limits and calendars in memory and in use, as they are after the first cases of a day."""
    for _turn in range(2):
        walk_to(region, Status.IN_REVIEW)


def walk_to(region, status):
    complaint = make_receipt(region, identity=IDENTITY).complaint
    walker = Walk(complaint, cast_of(region), complaint.received_at)
    walker.to(status)
    return complaint, walker


def statements(action):
    with CaptureQueriesContext(connection) as seen:
        action()
    return [query["sql"] for query in seen if not TRANSACTION.match(query["sql"])]


def as_in_a_request(user):
    """A person as a request brings them, rights and roles included."""
    return StaffBackend().get_user(user.pk)


def test_filing_costs_at_most_ten_statements_with_begin_and_commit(warm, region):
    with CaptureQueriesContext(connection) as seen:
        make_receipt(region, identity=IDENTITY)
    assert len(seen) <= MOST, [query["sql"][:110] for query in seen]


@pytest.mark.django_db(transaction=True)
def test_the_whole_request_of_a_filing_costs_at_most_ten_statements(client, website):
    """With every guard, the limit of its network, begin and commit; without a session. As after the first of a day."""
    form = {
        "klass": "complaint",
        "title": "Jalan berlubang",
        "body": WORDS,
        "email": "sulastri@example.org",
        "send": "1",
    }
    for _turn in range(3):
        client.cookies.clear()
        with CaptureQueriesContext(connection) as seen:
            assert client.post("/aduan/", {**form, "token": new_token()}).status_code == 302
    assert len(seen) <= MOST, [query["sql"][:110] for query in seen]


def test_what_the_form_offers_is_read_again_as_soon_as_it_changes(client, website, agency):
    for name in ("Layanan lama", "Layanan baru"):
        ServiceFactory(agency=agency, name=name)
        assert name in client.get("/aduan/").content.decode()
    agency.services.update(name="Layanan lain")
    assert "Layanan lain" in client.get("/aduan/").content.decode()


MOVES = {
    "verify": (Status.RECEIVED, "verifier", desk.verify_complaint, {"note": "Sudah dicek."}),
    "forward": (Status.VERIFIED, "verifier", desk.forward_complaint, {"agency": None}),
    "accept": (Status.FORWARDED, "officer", agency.accept_complaint, {}),
    "follow_up": (
        Status.IN_PROGRESS,
        "officer",
        replies.follow_up,
        {"answer": WORDS, "no_evidence_reason": "Foto menyusul besok pagi."},
    ),
    "close": (
        Status.IN_REVIEW,
        "admin",
        replies.close_complaint,
        {"result": WORDS, "no_evidence_reason": "Foto menyusul besok pagi."},
    ),
}


@pytest.mark.django_db(transaction=True)
def test_the_whole_request_of_an_answer_costs_at_most_sixteen_statements(client, warm, region, people):
    """Of these six are the session, the person with all rights, the case, its waiting files, begin and commit."""
    for _turn in range(2):
        complaint, _walker = walk_to(region, Status.IN_PROGRESS)
        version = Complaint.objects.get(pk=complaint.pk).version
        client.force_login(people["officer"])
        typed = {"follow_up-answer": WORDS, "follow_up-no_evidence_reason": WORDS, "version": version, "anyway": 1}
        with CaptureQueriesContext(connection) as seen:
            address = reverse("complaints:move", args=[complaint.reference, "follow_up"])
            assert client.post(address, typed).status_code == 302
    assert len(seen) <= WHOLE_MOVE, [query["sql"][:110] for query in seen]


@pytest.mark.parametrize("name", MOVES)
def test_a_move_costs_at_most_ten_statements(name, warm, region, people):
    status, person, service, details = MOVES[name]
    complaint, walker = walk_to(region, status)
    details = {**details, **({"agency": people["agency"]} if "agency" in details else {})}
    actor = as_in_a_request(people[person])
    version = Complaint.objects.get(pk=complaint.pk).version
    cost = statements(
        lambda: service(complaint_id=complaint.pk, actor=actor, version=version, now=walker.now, **details)
    )
    assert len(cost) <= MOST, "\n".join(sql[:110] for sql in cost)


@pytest.mark.parametrize(("name", "status"), [("admin", Status.RECEIVED), ("officer", Status.IN_PROGRESS)])
def test_a_case_with_five_hundred_events_costs_twelve_statements(client, name, status, region, people):
    complaint, _walker = walk_to(region, status)
    note(Complaint.objects.get(pk=complaint.pk), people[name], 500)
    sync_roles()
    client.force_login(people[name])
    address = reverse("complaints:case", args=[complaint.reference])
    client.get(address)
    cost = statements(lambda: client.get(address))
    assert len(cost) <= 12, "\n".join(sql[:110] for sql in cost)


def note(complaint, actor, number):
    """So many notes as the services would write them, and no statement for each."""
    events, head = [], complaint.head_hash
    for sequence in range(complaint.version + 1, number + 1):
        event = ComplaintEvent(
            complaint=complaint, sequence=sequence, action="note", before=complaint.status, after=complaint.status,
            actor=actor, actor_kind="staff", at=complaint.received_at,
        )  # fmt: skip
        event.seal(head)
        events.append(event)
        head = event.hash
    ComplaintEvent.objects.bulk_create(events)
    Message.objects.bulk_create(
        Message(complaint=complaint, event=event, body=WORDS, at=event.at, is_public=False) for event in events
    )
    Complaint.objects.filter(pk=complaint.pk).update(version=number, head_hash=head)

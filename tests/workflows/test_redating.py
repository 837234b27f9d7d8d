"""Dating many cases again gives what dating them one by one gives, whoever works meanwhile and wherever it stops."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Notification
from core.permissions import Role
from tests.workflows import strategies
from tests.workflows.factories import FILED_AT, make_complaint, staff
from workflows.actors import ReporterGrant
from workflows.decrees import read_decree
from workflows.models import CalendarProposal, ClockCycle, Complaint, ComplaintEvent, SlaPolicy
from workflows.selectors.complaints import broken_event
from workflows.selectors.redating import RunningClock, Tables
from workflows.services import clocks, conversation, proposals, redating
from workflows.services.identity import Identity
from workflows.services.steps import lock
from workflows.sla import promise
from workflows.states import Klass, Status

NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)
DRAFT = {"identity": Identity(name="Siti", email="siti@contoh.id")}
OPEN = (
    Status.RECEIVED, Status.NEEDS_INFO, Status.FORWARDED, Status.ON_HOLD, Status.FOLLOWED_UP, Status.IN_REVIEW
)  # fmt: skip
limits = st.builds(
    SlaPolicy, number=st.integers(1, 60), unit=st.sampled_from(["working_days", "working_hours", "working_minutes"])
)


@settings(max_examples=60)
@given(
    strategies.calendars(),
    st.lists(st.tuples(strategies.receipts, limits, st.integers(0, 10)), min_size=1, max_size=4),
    st.lists(strategies.pauses_after(strategies.START), max_size=3),
)
def test_many_clocks_of_a_calendar_are_counted_as_each_alone(calendar, started, pauses):
    tables = Tables({0: calendar, 7: calendar})
    for received, limit, extension in started:
        clock = RunningClock(1, 1, "leg", received, received, None, extension, limit.number, limit.unit, 7, 1, 0, None)
        for stops in (pauses, []):
            alone = clocks.due_of(limit, calendar, received, stops, extension)
            dated = tables.date(clock, stops)
            assert (dated.counted, dated.promised) == (alone, alone and promise(received, alone))


def decreed(people, text="20 Mei 2026 Cuti bersama"):
    """An approved decree whose cases nobody has dated again yet."""
    second = staff("second_admin", Role.REGIONAL_ADMIN, people["agency"].region)
    days = [day.as_row() for day in read_decree(text, kind="joint_leave")]
    known = {"decided_on": date(2026, 5, 10), "known_from": date(2026, 5, 10)}
    document = {"title": "Cuti bersama", "source": "SKB", **known}
    proposal = proposals.propose_change(
        kind="days", content={"days": days}, document=document, actor=people["verifier"], now=NOW
    )
    proposals.count_preview(proposal.pk, NOW)
    return proposals.approve_change(proposal_id=proposal.pk, actor=second, now=NOW)


def resumed_case():
    case = make_complaint(Status.NEEDS_INFO, **DRAFT)
    conversation.reply_info(
        complaint_id=case.pk, actor=ReporterGrant(case.pk), words="Di Kamal.", now=FILED_AT + timedelta(days=3)
    )
    return case


def one_by_one(case):
    """What the engine that dates a single case would store, without storing it."""
    with transaction.atomic():
        row = lock(case.pk)
        clocks.redate(row, FILED_AT)
        if not row.is_paused:
            clocks.set_next_due(row)
        found = {clock.kind: (clock.due_at, clock.counted_due_at) for clock in clocks.running(row)}
        transaction.set_rollback(True)
    return found, (row.due_at, row.respond_due_at, row.next_due_at)


def stored(case):
    rows = ClockCycle.objects.filter(complaint=case, stopped_at__isnull=True)
    row = Complaint.objects.get(pk=case.pk)
    dates = {clock.kind: (clock.due_at, clock.counted_due_at) for clock in rows}
    return dates, (row.due_at, row.respond_due_at, row.next_due_at)


@pytest.mark.django_db
def test_a_batch_of_all_kinds_of_cases_is_stored_as_one_by_one(people):
    before_the_day = make_complaint(klass=Klass.INFORMATION_REQUEST, **DRAFT)
    cases = [before_the_day, *(make_complaint(status, **DRAFT) for status in OPEN), resumed_case()]
    before = [stored(case) for case in cases]
    proposal = decreed(people)
    wanted = [one_by_one(case) for case in cases]
    proposals.apply_to_cases(proposal.pk, NOW)
    assert [stored(case) for case in cases] == wanted
    moved = [case for case, old, new in zip(cases, before, wanted, strict=True) if old[0] != new[0]]
    assert moved == cases[1:]
    assert sorted(ComplaintEvent.objects.filter(action="calendar_changed").values_list("complaint", flat=True)) == [
        case.pk for case in moved
    ]
    running = ClockCycle.objects.filter(stopped_at__isnull=True)
    assert set(running.values_list("calendar_version", flat=True)) == {proposal.revision_id}
    for case in Complaint.objects.all():
        assert broken_event(case) is None
        assert case.version == case.events.count()


@pytest.mark.django_db
def test_a_run_that_is_killed_goes_on_where_it_stopped(people, monkeypatch):
    cases = [make_complaint(**DRAFT) for _number in range(3)]
    proposal = decreed(people)
    monkeypatch.setattr(redating, "BATCH", 1)

    def killed(_number):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        redating.redate_open_cases(NOW, on_batch=killed)
    assert ComplaintEvent.objects.filter(action="calendar_changed").count() == 1
    assert proposals.apply_to_cases(proposal.pk, NOW) == 2
    assert CalendarProposal.objects.get().status == "applied"
    for case in cases:
        assert case.events.filter(action="calendar_changed").count() == 1
    assert Notification.objects.filter(template="calendar_changed").count() == 3


@pytest.mark.django_db
def test_no_case_costs_a_statement_of_its_own(people, django_assert_max_num_queries):
    for _number in range(6):
        make_complaint(Status.FORWARDED, **DRAFT)
    decreed(people)
    with django_assert_max_num_queries(40) as many:
        assert redating.redate_open_cases(NOW) == 6
    assert sum("workflows_complaintevent" in query["sql"] for query in many.captured_queries) <= 2

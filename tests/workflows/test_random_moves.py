"""Random moves by random people: whatever happens, a case stays whole."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.workflows.factories import FILED_AT, make_receipt
from tests.workflows.test_machine import EXPLAINED, MOVES, actor_named, make_move
from workflows.actors import SYSTEM
from workflows.models import ClockCycle, Complaint, Leg
from workflows.selectors.complaints import broken_event
from workflows.services import conversation
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.states import AGENCY_STATUSES, FINAL_STATUSES, Status

pytestmark = pytest.mark.django_db
REFUSALS = (MoveNotAllowed, PermissionDenied, ValidationError)
ACTORS = ("verifier", "admin", "officer", "head", "auditor", "reporter", "stranger", "system")


class Case(RuleBasedStateMachine):
    """One case; every rule is one attempt, at a later moment than the one before."""

    def __init__(self, region, people):
        super().__init__()
        self.people = people
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = FILED_AT
        self.case = make_receipt(region).complaint
        self.agency = people["agency"]

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def stored(self):
        return Complaint.objects.get(pk=self.case.pk)

    @rule(name=st.sampled_from(sorted(MOVES)), person=st.sampled_from(ACTORS), hours=st.integers(1, 400))
    def somebody_tries_a_move(self, name, person, hours):
        self.now += timedelta(hours=hours)
        before = self.stored()
        actor = actor_named(person, self.people, before)
        changes = {"agency": self.agency} if name == "forward" else {}
        if name == "hold":
            changes["until"] = (self.now + timedelta(days=9)).date()
        try:
            make_move(name, before, actor, now=self.now, version=before.version, **changes)
        except REFUSALS:
            assert self.stored().version == before.version
            return
        assert self.stored().version == before.version + 1

    @rule(name=st.sampled_from(sorted(MOVES)), person=st.sampled_from(("verifier", "officer")))
    def somebody_comes_too_late(self, name, person):
        before = self.stored()
        with pytest.raises(ConcurrentUpdate):
            make_move(name, before, self.people[person], version=before.version - 1)
        assert self.stored().version == before.version

    @rule(person=st.sampled_from(("verifier", "officer", "reporter")))
    def somebody_writes(self, person):
        self.now += timedelta(minutes=5)
        actor = actor_named(person, self.people, self.case)
        try:
            conversation.send_message(complaint_id=self.case.pk, actor=actor, words=EXPLAINED, now=self.now)
        except REFUSALS:
            return

    @invariant()
    def the_log_tells_how_it_came_here(self):
        case = self.stored()
        events = list(case.events.order_by("sequence"))
        assert [event.sequence for event in events] == list(range(1, case.version + 1))
        assert events[-1].after == case.status
        assert all(one.after == two.before for one, two in pairwise(events))
        assert broken_event(case) is None

    @invariant()
    def legs_and_clocks_fit_the_status(self):
        case = self.stored()
        running = {clock.kind: clock for clock in ClockCycle.objects.filter(complaint=case, stopped_at__isnull=True)}
        open_legs = Leg.objects.filter(complaint=case, returned_at__isnull=True, answered_at__isnull=True)
        asked_there = case.status == Status.NEEDS_INFO and case.asked_from in AGENCY_STATUSES
        assert open_legs.count() == int(case.status in AGENCY_STATUSES or asked_there)
        assert ("leg" in running) == open_legs.exists()
        assert ("confirm" in running) == (case.status == Status.FOLLOWED_UP)
        assert ("total" in running) == case.is_open
        if case.status in FINAL_STATUSES:
            assert running == {}
        stopped = ClockCycle.objects.filter(complaint=case, stopped_at__isnull=False)
        assert all(clock.outcome and clock.stopped_at >= clock.started_at for clock in stopped)

    @invariant()
    def dates_on_the_case_are_those_of_its_clocks(self):
        case = self.stored()
        total = ClockCycle.objects.filter(complaint=case, kind="total", stopped_at__isnull=True).first()
        if total:
            assert (case.due_at, case.policy_id) == (total.due_at, total.policy_id)
        assert (case.closed_at is None) == (case.status not in (Status.CLOSED, Status.REFERRED_OUT, Status.REJECTED))


@pytest.mark.slow
def test_random_moves_by_random_people_leave_a_case_whole(region, people, auditor):
    cast = {**people, "auditor": auditor, "system": SYSTEM}
    run_state_machine_as_test(
        lambda: Case(region, cast),
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

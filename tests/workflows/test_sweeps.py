"""What the clock does by itself, once, even after three days of silence; and the demo that uses it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.models import Notification
from tests.factories import AgencyFactory
from tests.workflows.factories import FILED_AT, make_complaint
from workflows.models import Category, ClockCycle, Complaint, Follower, PublicEntry, Satisfaction
from workflows.selectors.complaints import broken_event
from workflows.selectors.indicators import FEWEST
from workflows.selectors.parts import parts_of
from workflows.services.categories import load_categories
from workflows.services.demo import make_bulk_complaints, make_demo_complaints
from workflows.services.sweeps import sweep_cases
from workflows.states import Status

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_waiting_times_end_once_and_in_time(people):
    waiting, answered, held = (
        make_complaint(status) for status in (Status.NEEDS_INFO, Status.FOLLOWED_UP, Status.ON_HOLD)
    )
    quiet = make_complaint(Status.IN_PROGRESS)
    assert sweep_cases(FILED_AT + timedelta(days=1)) == 0
    assert sweep_cases(FILED_AT + timedelta(days=40)) == 3
    assert sweep_cases(FILED_AT + timedelta(days=40)) == 0
    now = {pk: Complaint.objects.get(pk=pk) for pk in (waiting.pk, answered.pk, held.pk, quiet.pk)}
    assert now[waiting.pk].status == Status.RECEIVED
    assert (now[answered.pk].status, now[answered.pk].closed_by) == (Status.CLOSED, "silence")
    assert now[held.pk].status == now[quiet.pk].status == Status.IN_PROGRESS


@pytest.fixture
def demo_region(region, desk):
    region.is_demo = True
    region.save()
    load_categories()
    root = AgencyFactory(region=region, code="KAB", name="Pemerintah Kabupaten")
    for code in ("PUPR", "DINSOS", "DUKCAPIL", "DISHUB", "SATPOLPP", "DLH", "DINKES"):
        AgencyFactory(region=region, parent=root, code=code)
    return region


@pytest.mark.slow
def test_the_demo_shows_every_state_and_some_cases_late_and_near(demo_region):
    made = make_demo_complaints(region=demo_region, now=NOW, seed=1)
    states = Counter(complaint.status for complaint in made)
    assert set(states) == set(Status)
    assert 30 <= len(made) <= 40
    open_cases = [complaint for complaint in made if complaint.next_due_at]
    assert any(complaint.next_due_at < NOW for complaint in open_cases)
    (split,) = [complaint for complaint in made if complaint.is_split]
    assert {part.status for part in parts_of(split.pk)} == {Status.IN_PROGRESS, Status.FOLLOWED_UP}
    assert any(NOW < complaint.next_due_at < NOW + timedelta(days=4) for complaint in open_cases)
    assert all(broken_event(complaint) is None for complaint in made)
    assert all(event.at <= NOW for complaint in made for event in complaint.events.all())
    assert not Notification.objects.exists()
    assert Satisfaction.objects.count() >= FEWEST  # the public reads an average
    assert PublicEntry.objects.published().count() >= 10
    assert Follower.objects.filter(confirmed_at__lte=NOW).exists()


@pytest.mark.slow
def test_bulk_complaints_keep_every_invariant(demo_region):
    make_demo_complaints(region=demo_region, now=NOW, seed=1)
    assert make_bulk_complaints(region=demo_region, n=150, seed=7, now=NOW) == 150
    rows = Complaint.objects.order_by("-pk")[:150]
    for complaint in rows:
        events = list(complaint.events.all())
        assert broken_event(complaint) is None
        assert complaint.version == len(events)
        assert events[-1].after == complaint.status
        assert all(before.after == after.before for before, after in pairwise(events))
        assert all(before.at <= after.at for before, after in pairwise(events))
        running = [clock.kind for clock in complaint.clocks.all() if not clock.stopped_at]
        assert bool(running) == (complaint.status not in ("closed", "rejected", "referred_out"))
    assert Complaint.objects.values("reference").distinct().count() == Complaint.objects.count()
    assert ClockCycle.objects.filter(outcome="missed").exists()
    assert ClockCycle.objects.filter(outcome="met").exists()


def test_topics_load_once_and_keep_what_staff_changed(db):
    assert load_categories() == 15
    Category.objects.filter(code="sosial").update(name="Bansos")
    assert load_categories() == 0
    assert Category.objects.get(code="sosial").name == "Bansos"

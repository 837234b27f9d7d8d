"""A holiday decree after the fact: who decides, what moves, what is told, and what stays promised."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from core.models import Notification, Region
from core.permissions import Role
from tests.factories import AgencyFactory, RegionFactory, StaffFactory
from tests.workflows.factories import make_receipt, staff
from workflows.decrees import read_decree
from workflows.models import (
    AgencyWeek,
    CalendarDay,
    CalendarProposal,
    ClockCycle,
    Complaint,
    ComplaintEvent,
    WorkingHours,
)
from workflows.selectors.calendars import calendar_for
from workflows.selectors.complaints import broken_event
from workflows.services import proposals
from workflows.services.calendars import record_revision
from workflows.services.classification import reclassify_complaint
from workflows.services.identity import Identity
from workflows.services.proposal_preview import calendars_after
from workflows.services.redating import redate_open_cases
from workflows.states import Klass

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 29, 3, tzinfo=UTC)
FILED = datetime(2023, 3, 28, 3, tzinfo=UTC)
FIRST = "19, 20, 21, 24 dan 25 April 2023: Cuti bersama Idulfitri\n- 26 April 2023"
SECOND = "28 dan 30 Juni 2023 Cuti bersama Iduladha"


@pytest.fixture
def spring_of_2023(people):
    """The calendar as it stood before both revisions."""
    later = CalendarDay.objects.filter(layer__year=2023, added_on__gte=date(2023, 3, 29))
    later.delete()
    CalendarDay.objects.filter(layer__year=2023, removed_on__gte=date(2023, 3, 29)).update(removed_on=None)
    record_revision(subject="as in March 2023")
    return people | {"second": staff("second_admin", Role.REGIONAL_ADMIN, people["agency"].region)}


def filed(people, days=60, at=FILED, **draft):
    """A case with a limit of 60, 14 or 5 working days and a reporter who left an address."""
    draft = {"identity": Identity(name="Siti", email="siti@contoh.id"), **draft}
    if days == 5:
        draft["klass"] = Klass.INFORMATION_REQUEST
    case = make_receipt(people["agency"].region, at, **draft).complaint
    if days == 60:
        kept = {"klass": Klass.COMPLAINT, "is_supervision": True, "category": None}
        reclassify_complaint(complaint_id=case.pk, actor=people["verifier"], now=at, **kept)
    return Complaint.objects.get(pk=case.pk)


def document(**changes):
    return {
        "title": "Cuti bersama",
        "source": "SKB 327/2023",
        "decided_on": date(2023, 3, 29),
        "known_from": date(2023, 3, 29),
    } | changes


def proposed(people, text, actor="verifier", kind="joint_leave", **scope):
    scope = scope or {"region": None}
    days = [day.as_row() for day in read_decree(text, kind=kind)]
    made = proposals.propose_change(
        kind="days", content={"days": days}, document=document(), actor=people[actor], now=NOW, **scope
    )
    return proposals.count_preview(made.pk, NOW)


def decided(people, text, **options):
    proposal = proposed(people, text, **options)
    proposals.approve_change(proposal_id=proposal.pk, actor=people["second"], now=NOW)
    proposals.apply_to_cases(proposal.pk, NOW)
    return CalendarProposal.objects.get(pk=proposal.pk)


def wib(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour - 7, minute, tzinfo=UTC)


def due(case):
    return Complaint.objects.get(pk=case.pk).due_at


def changes(case):
    return ComplaintEvent.objects.filter(complaint=case, action="calendar_changed")


def told(case):
    return Notification.objects.filter(template="calendar_changed", context__reference=case.reference)


def test_the_double_revision_of_2023(spring_of_2023):
    people = spring_of_2023
    long, middle, short = (filed(people, days) for days in (60, 14, 5))
    assert due(long) == wib(2023, 7, 4, 16)
    # 14 working days are worked out by hand only after the first decree: 18 April at 15:00, in Ramadan hours.
    assert due(middle) == wib(2023, 4, 18, 15)

    preview = proposed(people, FIRST)
    assert (preview.status, preview.summary["cases"], due(long)) == ("waiting", 1, wib(2023, 7, 4, 16))
    proposals.approve_change(proposal_id=preview.pk, actor=people["second"], now=NOW)
    assert proposals.apply_to_cases(preview.pk, NOW) == 1
    assert due(long) == wib(2023, 7, 5, 16)

    decided(people, SECOND)
    assert due(long) == wib(2023, 7, 7, 16, 30)
    assert (changes(long).count(), told(long).count()) == (2, 2)
    assert changes(long).first().data["moves"]["total"]["from"] == wib(2023, 7, 4, 16).isoformat()
    assert [due(middle), changes(middle).count(), changes(short).count()] == [wib(2023, 4, 18, 15), 0, 0]
    assert broken_event(Complaint.objects.get(pk=long.pk)) is None


def test_a_promise_is_not_shortened_when_a_day_is_taken_back(spring_of_2023):
    people = spring_of_2023
    case = filed(people, 14, datetime(2023, 4, 18, 3, tzinfo=UTC))
    promised = due(case)
    proposal = decided(people, "hapus 26 April 2023")
    clock = ClockCycle.objects.get(complaint=case, kind="total")
    assert clock.due_at == due(case) == promised
    assert clock.counted_due_at < promised
    assert (proposal.summary["cases"], proposal.summary["later"], proposal.summary["kept"]) == (1, 0, 1)
    # Staff read it, the citizen's date did not change.
    assert (changes(case).get().is_public, told(case).count()) == (False, 0)


def test_the_same_change_twice_moves_and_tells_nothing_twice(spring_of_2023):
    people = spring_of_2023
    case = filed(people)
    proposal = decided(people, FIRST)
    assert proposals.apply_to_cases(proposal.pk, NOW) == redate_open_cases(NOW) == 0
    assert (changes(case).count(), told(case).count()) == (1, 1)
    with pytest.raises(ValidationError) as refused:
        proposed(people, FIRST.splitlines()[0])
    assert refused.value.code == "nothing"


def test_a_worker_that_died_half_way_is_taken_over(spring_of_2023):
    people = spring_of_2023
    case = filed(people)
    proposal = proposed(people, FIRST)
    proposals.approve_change(proposal_id=proposal.pk, actor=people["second"], now=NOW)
    assert redate_open_cases(NOW) == 1
    assert proposals.apply_to_cases(proposal.pk, NOW) == 0
    assert CalendarProposal.objects.get().status == "applied"
    assert (changes(case).count(), due(case)) == (1, wib(2023, 7, 5, 16))


def test_nobody_approves_the_own_proposal_and_an_officer_none(spring_of_2023):
    people = spring_of_2023
    proposal = proposed(people, FIRST, actor="admin")
    for actor in ("admin", "officer", "verifier"):
        with pytest.raises(PermissionDenied):
            proposals.approve_change(proposal_id=proposal.pk, actor=people[actor])
    with pytest.raises(PermissionDenied):
        proposed(people, FIRST, actor="officer")
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarProposal.objects.filter(pk=proposal.pk).update(status="applied", decided_by=people["admin"])


def test_an_administrator_of_another_regency_decides_nothing_here(spring_of_2023):
    people = spring_of_2023
    stranger = StaffFactory(username="stranger", grants=[(Role.REGIONAL_ADMIN, RegionFactory(code="35.27"))])
    proposal = proposed(people, "16 Mei 2023 Hari jadi", kind="local", region=people["agency"].region)
    with pytest.raises(PermissionDenied):
        proposals.approve_change(proposal_id=proposal.pk, actor=stranger)


def test_a_preview_from_before_another_change_is_counted_again_first(spring_of_2023):
    people = spring_of_2023
    proposal = proposed(people, FIRST)
    record_revision(subject="something else")
    with pytest.raises(ValidationError):
        proposals.approve_change(proposal_id=proposal.pk, actor=people["second"])
    proposals.count_preview(proposal.pk, NOW)
    assert proposals.approve_change(proposal_id=proposal.pk, actor=people["second"]).status == "applying"


def test_a_refused_change_leaves_everything_as_it_is(spring_of_2023):
    people = spring_of_2023
    case = filed(people)
    proposal = proposed(people, FIRST)
    proposals.refuse_change(proposal_id=proposal.pk, actor=people["second"], reason="Salah tanggal")
    assert CalendarProposal.objects.get().status == "refused"
    assert due(case) == wib(2023, 7, 4, 16)
    with pytest.raises(ValidationError):
        proposals.approve_change(proposal_id=proposal.pk, actor=people["second"])


def test_a_calendar_without_working_time_is_not_published(spring_of_2023):
    people = spring_of_2023
    every_day = "\n".join(date.fromordinal(date(2026, 1, 1).toordinal() + n).isoformat() for n in range(365))
    with pytest.raises(ValidationError) as refused:
        proposed(people, every_day, kind="closure", region=people["agency"].region)
    assert refused.value.code == "no_working_time"


def test_a_local_day_moves_the_own_region_only(people):
    second = staff("second_admin", Role.REGIONAL_ADMIN, people["agency"].region)
    other = RegionFactory(code="35.27", name="Sampang")
    AgencyFactory(region=other, code="dpupr")
    here, there = make_receipt(people["agency"].region).complaint, make_receipt(other).complaint
    before = due(there)
    decided(people | {"second": second}, "19 Mei 2026 Hari jadi", kind="local", region=people["agency"].region)
    assert due(here) == wib(2026, 5, 29, 16, 30)
    assert due(there) == before


def test_new_office_hours_hold_from_their_day_on(people):
    second = staff("second_admin", Role.REGIONAL_ADMIN, people["agency"].region)
    case = make_receipt(people["agency"].region).complaint
    assert due(case) == wib(2026, 5, 26, 16)
    windows = [{"season": "normal", "weekday": day, "opens": "08:00", "closes": "14:00"} for day in range(5)]
    content = {"code": "pendek", "name": "Jam pendek", "working_week": "five_day", "valid_from": "2026-05-20"}
    proposal = proposals.propose_change(
        kind="hours",
        content={**content, "windows": windows},
        document=document(),
        actor=people["verifier"],
        region=people["agency"].region,
    )
    proposals.count_preview(proposal.pk, NOW)
    proposals.approve_change(proposal_id=proposal.pk, actor=second)
    proposals.apply_to_cases(proposal.pk, NOW)
    calendar = calendar_for(people["agency"])
    assert [calendar.day(date(2026, 5, day)).closing for day in (19, 20)] == [
        wib(2026, 5, 19, 16),
        wib(2026, 5, 20, 14),
    ]
    clock = ClockCycle.objects.get(complaint=case, kind="total")
    # Two hours earlier by the count; what was promised stays.
    assert (clock.counted_due_at, clock.due_at) == (wib(2026, 5, 26, 14), wib(2026, 5, 26, 16))
    assert WorkingHours.objects.get(code="pendek").version == 1


def test_another_working_week_holds_from_its_day_on(people):
    second = staff("second_admin", Role.REGIONAL_ADMIN, people["agency"].region)
    content = {"agency": people["agency"].pk, "working_week": "six_day", "joint_leave_observed": False}
    proposal = proposals.propose_change(
        kind="week",
        content={**content, "valid_from": "2026-05-13"},
        document=document(),
        actor=people["verifier"],
        region=people["agency"].region,
    )
    proposals.count_preview(proposal.pk, NOW)
    proposals.approve_change(proposal_id=proposal.pk, actor=second)
    calendar = calendar_for(people["agency"])
    assert [calendar.day(date(2026, 5, day)).is_working for day in (9, 15, 16)] == [False, True, True]
    assert AgencyWeek.objects.get().approved_by == second


def test_another_time_zone_moves_the_hours_and_keeps_what_was_promised(people):
    region = people["agency"].region
    second = staff("second_admin", Role.REGIONAL_ADMIN, region)
    case = make_receipt(region).complaint
    assert due(case) == wib(2026, 5, 26, 16)
    proposal = proposals.propose_change(
        kind="zone",
        content={"before": "Asia/Jakarta", "after": "Asia/Makassar"},
        document=document(),
        actor=people["verifier"],
        region=region,
    )
    # The preview changes nothing.
    found = proposals.count_preview(proposal.pk, NOW)
    assert (found.summary["cases"], found.summary["kept"]) == (1, 1)
    assert Region.objects.get(pk=region.pk).time_zone == "Asia/Jakarta"
    proposals.approve_change(proposal_id=proposal.pk, actor=second, now=NOW)
    proposals.apply_to_cases(proposal.pk, NOW)
    assert Region.objects.get(pk=region.pk).time_zone == "Asia/Makassar"
    clock = ClockCycle.objects.get(complaint=case, kind="total")
    assert (clock.counted_due_at, clock.due_at) == (wib(2026, 5, 26, 15), wib(2026, 5, 26, 16))
    with pytest.raises(ValidationError):
        calendars_after(proposal, [])

"""Calendars from the database: loaded reference data, scope of layers, and what was known when."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.models import Agency
from tests.factories import AgencyFactory, RegionFactory
from workflows.calendar import DayReason
from workflows.models import (
    CalendarDay,
    CalendarLayer,
    CalendarRevision,
    CaseClass,
    SlaPolicy,
    WorkingHours,
    WorkingWindow,
)
from workflows.selectors.calendars import build_calendar, calendar_for, calendar_version
from workflows.selectors.policies import policy_for
from workflows.services.calendars import load_calendars, record_revision
from workflows.services.policies import load_sla_policies, mark_policy_used, supersede_policy

pytestmark = pytest.mark.django_db

Kind = CalendarLayer.Kind


def add_layer(kind, *days, **options):
    options = {"name": "Layer", "year": 2026, "source": "Letter 1", **options}
    options = {"decided_on": date(2026, 1, 2), "known_from": date(2026, 1, 2), **options}
    layer = CalendarLayer.objects.create(kind=kind, **options)
    for on in days:
        CalendarDay.objects.create(layer=layer, on=on, name="Anniversary", added_on=layer.known_from)
    record_revision(subject="test")
    return layer


def closed(calendar, *days):
    return [not calendar.day(date.fromisoformat(on)).is_working for on in days]


# --- Loading --------------------------------------------------------------------------------------


def test_reference_calendars_load_once(calendars):
    before = CalendarRevision.objects.count()
    assert CalendarDay.objects.count() == 81
    assert WorkingHours.objects.count() == 2
    assert load_calendars() == {"days": 0, "ramadan": 0, "hours": 0}
    assert load_sla_policies() == 0
    assert CalendarRevision.objects.count() == before == 1


def test_the_years_list_is_that_of_the_last_decree(calendars):
    now = CalendarDay.objects.known_on(None).filter(layer__kind="joint_leave")
    assert now.filter(layer__year=2023).count() == 11
    assert now.filter(layer__year=2025).count() == 11
    assert now.filter(layer__year=2026).count() == 8


@pytest.mark.parametrize(
    ("known_on", "number"), [("2022-10-10", 0), ("2022-10-11", 8), ("2023-03-29", 9), ("2023-06-16", 11)]
)
def test_the_list_of_2023_is_told_as_it_was_known(calendars, known_on, number):
    known = CalendarDay.objects.known_on(date.fromisoformat(known_on))
    assert known.filter(layer__kind="joint_leave", layer__year=2023).count() == number


def test_loading_again_learns_of_a_day_that_a_later_decree_removed(calendars):
    removed = CalendarDay.objects.get(on=date(2023, 4, 26))
    CalendarDay.objects.filter(pk=removed.pk).update(removed_on=None, removed_by="")
    assert load_calendars()["days"] == 1
    removed.refresh_from_db()
    assert removed.removed_on == date(2023, 3, 29)
    assert "327/2023" in removed.removed_by


def test_loading_leaves_what_staff_entered(calendars, region):
    WorkingHours.objects.filter(working_week="six_day").update(name="Changed by staff")
    add_layer(Kind.LOCAL, date(2026, 5, 19), region=region)
    load_calendars()
    assert WorkingHours.objects.filter(name="Changed by staff").exists()
    assert CalendarDay.objects.filter(on=date(2026, 5, 19)).count() == 1


# --- Scope ----------------------------------------------------------------------------------------


def test_a_local_holiday_closes_its_region_only(calendars, agency):
    neighbour = AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"), code="dpupr")
    add_layer(Kind.LOCAL, date(2026, 5, 19), region=agency.region)
    assert closed(calendar_for(agency), "2026-05-19") == [True]
    assert closed(calendar_for(neighbour), "2026-05-19") == [False]
    assert closed(calendar_for(), "2026-05-19") == [False]


def test_a_closure_of_one_agency_closes_the_units_below_it_and_no_other(calendars, agency, other_agency):
    unit = AgencyFactory(parent=agency, code="uptd")
    add_layer(Kind.CLOSURE, date(2026, 5, 19), region=agency.region, agency=agency)
    assert [closed(calendar_for(each), "2026-05-19") for each in (agency, unit, other_agency)] == [
        [True], [True], [False],
    ]  # fmt: skip


def test_joint_leave_and_week_follow_the_agency(calendars, region):
    clinic = AgencyFactory(
        region=region, joint_leave_observed=False, working_week=Agency.WorkingWeek.SIX_DAY, kind=Agency.Kind.HOSPITAL
    )
    calendar = calendar_for(clinic)
    assert calendar.day(date(2026, 5, 15)).reason == DayReason.JOINT_LEAVE_WORKED
    assert closed(calendar, "2026-05-14", "2026-05-16", "2026-05-17") == [True, False, True]


def test_an_agencys_own_hours_stand_before_the_reference_hours(calendars, agency):
    own = WorkingHours.objects.create(code="own", name="Own", source="Letter", region=agency.region, agency=agency)
    for weekday in range(7):
        WorkingWindow.objects.create(hours=own, weekday=weekday, opens_at=time(0), closes_at=time(0))
    record_revision(subject="hours")
    sunday = calendar_for(AgencyFactory(parent=agency, code="uptd")).day(date(2026, 5, 10))
    assert sunday.working_time.total_seconds() == 24 * 3600


def test_ramadan_hours_close_the_office_earlier_inside_the_season(calendars, agency):
    calendar = calendar_for(agency)
    zone = ZoneInfo("Asia/Jakarta")
    assert calendar.day(date(2026, 2, 18)).closing == datetime(2026, 2, 18, 16, 0, tzinfo=zone)
    assert calendar.day(date(2026, 2, 19)).closing == datetime(2026, 2, 19, 15, 0, tzinfo=zone)
    assert calendar.day(date(2026, 2, 19)).name == "Ramadan 1447 H"


def test_a_layer_no_longer_counts_once_it_is_superseded(calendars, agency):
    layer = add_layer(Kind.LOCAL, date(2026, 5, 19), region=agency.region)
    CalendarLayer.objects.filter(pk=layer.pk).update(superseded_on=date(2026, 4, 1))
    assert closed(build_calendar(agency), "2026-05-19") == [False]
    assert closed(build_calendar(agency, known_on=date(2026, 3, 31)), "2026-05-19") == [True]
    assert closed(build_calendar(agency, known_on=date(2026, 4, 1)), "2026-05-19") == [False]


def test_only_years_with_a_national_layer_count_as_decreed(calendars):
    assert build_calendar(None).decreed_years == {2023, 2025, 2026}
    assert build_calendar(None, known_on=date(2025, 9, 18)).decreed_years == {2023, 2025}


# --- Versions and queries ---------------------------------------------------------------------------


def test_a_change_of_the_calendars_is_seen_at_once(calendars, agency):
    first, version = calendar_for(agency), calendar_version()
    assert calendar_for(agency) is first
    add_layer(Kind.LOCAL, date(2026, 5, 19), region=agency.region)
    assert calendar_version().number > version.number
    assert closed(calendar_for(agency), "2026-05-19") == [True]


def test_a_calendar_costs_five_queries_and_one_when_it_is_kept(calendars, agency, django_assert_num_queries):
    with django_assert_num_queries(6):
        calendar_for(agency)
    with django_assert_num_queries(1):
        calendar_for(agency)
    version = calendar_version()
    with django_assert_num_queries(0):
        calendar_for(agency, version=version)


def test_without_office_hours_there_is_no_calendar(agency):
    with pytest.raises(WorkingHours.DoesNotExist):
        calendar_for(agency)


# --- What the database refuses ------------------------------------------------------------------------


def test_a_day_stands_once_in_a_layer_until_it_is_removed(calendars, region):
    layer = add_layer(Kind.LOCAL, date(2026, 5, 19), region=region)
    layer.days.update(removed_on=date(2026, 3, 1))
    CalendarDay.objects.create(layer=layer, on=date(2026, 5, 19), name="again", added_on=date(2026, 4, 1))
    with pytest.raises(IntegrityError):
        CalendarDay.objects.create(layer=layer, on=date(2026, 5, 19), name="twice", added_on=date(2026, 4, 1))


def test_ramadan_needs_a_range(region):
    with pytest.raises(IntegrityError):
        add_layer(Kind.RAMADAN, region=region)


def test_a_row_for_an_agency_names_its_region(agency):
    with pytest.raises(IntegrityError):
        add_layer(Kind.LOCAL, agency=agency)


# --- Time limits ---------------------------------------------------------------------------------------

TOTAL = SlaPolicy.Clock.TOTAL
TODAY = date(2026, 5, 4)


def limit(agency, case_class, category="", on=TODAY):
    return policy_for(agency=agency, clock=TOTAL, on=on, case_class=case_class, category=category)


@pytest.mark.parametrize(
    ("case_class", "days"),
    [(CaseClass.INFORMATION, 5), (CaseClass.ASPIRATION, 5), (CaseClass.COMPLAINT, 14), (CaseClass.SUPERVISION, 60)],
)
def test_the_limit_follows_the_class(calendars, agency, case_class, days):
    assert limit(agency, case_class).number == days


def test_without_a_limit_nothing_is_measured(calendars, agency):
    assert limit(agency, "unheard_of") is None
    assert limit(agency, CaseClass.COMPLAINT, on=date(2017, 12, 31)) is None


def test_the_closest_limit_wins(calendars, agency, other_agency):
    common = {"clock": TOTAL, "valid_from": date(2020, 1, 1), "source": "Letter"}
    unit = AgencyFactory(parent=agency, code="uptd")

    def local(code, number, **scope):
        return SlaPolicy.objects.create(code=code, number=number, **common, **scope)

    local("region", 10, region=agency.region, case_class=CaseClass.COMPLAINT)
    local("roads", 7, region=agency.region, category="jalan")
    local("agency", 4, region=agency.region, agency=agency, case_class=CaseClass.COMPLAINT)
    assert limit(other_agency, CaseClass.COMPLAINT).code == "region"
    assert limit(other_agency, CaseClass.COMPLAINT, "jalan").code == "roads"
    assert limit(other_agency, CaseClass.COMPLAINT, "air").code == "region"
    assert limit(unit, CaseClass.COMPLAINT, "jalan").code == "agency"
    local("unit", 3, region=agency.region, agency=unit)
    assert limit(unit, CaseClass.COMPLAINT).code == "unit"
    assert limit(None, CaseClass.COMPLAINT).code == "selesai-pengaduan"


def test_a_new_version_applies_from_its_day_and_the_old_one_before(calendars, agency):
    old = limit(agency, CaseClass.COMPLAINT)
    new = supersede_policy(policy=old, valid_from=date(2026, 5, 11), number=10)
    assert (new.version, new.number, new.code) == (2, 10, old.code)
    assert limit(agency, CaseClass.COMPLAINT, on=date(2026, 5, 10)) == old
    assert limit(agency, CaseClass.COMPLAINT, on=date(2026, 5, 11)) == new
    with pytest.raises(ValueError, match="current version"):
        supersede_policy(policy=old, valid_from=date(2026, 6, 1))


def test_a_version_in_use_is_never_edited(calendars, agency):
    policy = limit(agency, CaseClass.COMPLAINT)
    policy.number = 15
    policy.save()
    mark_policy_used(policy=policy)
    policy.number = 16
    with pytest.raises(ValidationError):
        policy.save()
    assert supersede_policy(policy=policy, valid_from=date(2026, 6, 1), number=16).number == 16

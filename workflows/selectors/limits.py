"""What a time limit means: the date of a filing today, whom it holds for, and which open cases count by it."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from core.models import Agency, Region, User
from workflows.calendar import NoWorkingTime, WorkingCalendar
from workflows.models import CaseClass, ClockCycle, Complaint, DeadlineCheck, EscalationRule, SlaPolicy, WorkingHours
from workflows.selectors.calendars import calendar_for
from workflows.selectors.desk import desk_of
from workflows.selectors.policies import policy_for
from workflows.sla import due_in_working_days, due_in_working_minutes


class Meaning(NamedTuple):
    """A limit beside the one that held before it, for a case filed now."""

    office: Agency | None
    due: datetime | None
    before: SlaPolicy | None
    due_before: datetime | None
    offices: int
    open_cases: int


class Version(NamedTuple):
    """One version of a limit and how many clocks run under it."""

    policy: SlaPolicy
    running: int


def meaning_of(limit: SlaPolicy, now: datetime) -> Meaning:
    """What a limit, saved or not, would mean today. Changes nothing."""
    office = limit.agency or _office_of(limit)
    # An agency's own calendar counts only while the case is with it.
    calendar = _calendar(office if limit.clock == SlaPolicy.Clock.LEG else _office_of(limit))
    before = policy_for(
        agency=office,
        clock=limit.clock,
        on=limit.valid_from,
        case_class=limit.case_class,
        category=limit.category,
    )
    if before and before.pk == limit.pk:
        before = None
    running = ClockCycle.objects.filter(stopped_at__isnull=True, policy__code=limit.code).values("complaint")
    return Meaning(
        office,
        due_today(limit, calendar, now),
        before,
        due_today(before, calendar, now) if before else None,
        _offices(limit),
        running.distinct().count(),
    )


def due_today(limit: SlaPolicy, calendar: WorkingCalendar | None, now: datetime) -> datetime | None:
    if calendar is None:
        return None
    try:
        if limit.minutes:
            return due_in_working_minutes(calendar, now, limit.minutes).due
        return due_in_working_days(calendar, now, limit.days).due
    except NoWorkingTime:
        return None


def versions_of(limit: SlaPolicy) -> list[Version]:
    """All versions of a limit, the newest first (one query)."""
    running = Count("clocks", filter=Q(clocks__stopped_at__isnull=True))
    rows = SlaPolicy.objects.filter(code=limit.code).annotate(running=running).order_by("-version")
    return [Version(row, row.running) for row in rows]


def has_cases(limit: SlaPolicy) -> bool:
    """Whether a case was filed since the limit was published: one of its clocks may start under it yet."""
    cases = Complaint.objects.filter(region=limit.region) if limit.region else Complaint.objects.all()
    return (cases.filter(entered_at__gte=limit.published_at) if limit.published_at else cases).exists()


def desk_offices(user: User) -> list[Agency]:
    """The coordinating agency of each region in which the person sees an agency."""
    regions = Region.objects.filter(pk__in=Agency.objects.visible_to(user).values("region")).order_by("code")
    return [office for region in regions if (office := desk_of(region).coordinator)]


def unmeasured(office: Agency, now: datetime) -> list[tuple[str, str, SlaPolicy | None]]:
    """For each class and clock the limit of a case filed today; None: not measured."""
    on = now.astimezone(office.region.zone).date()
    found = []
    for kind, clock in SlaPolicy.Clock.choices:
        for case_class, name in CaseClass.choices:
            limit = policy_for(agency=office, clock=kind, on=on, case_class=case_class)
            found.append((str(clock), str(name), limit))
    return found


def last_check() -> DeadlineCheck | None:
    return DeadlineCheck.objects.first()


def has_rules() -> bool:
    return EscalationRule.objects.filter(is_active=True).exists()


def _calendar(office: Agency | None) -> WorkingCalendar | None:
    try:
        return calendar_for(office)
    except WorkingHours.DoesNotExist:
        return None


def _office_of(limit: SlaPolicy) -> Agency | None:
    return desk_of(limit.region).coordinator if limit.region else None


def _offices(limit: SlaPolicy) -> int:
    rows = Agency.objects.all()
    if limit.agency:
        return rows.within(limit.agency).count()
    return rows.filter(region=limit.region).count() if limit.region else rows.count()

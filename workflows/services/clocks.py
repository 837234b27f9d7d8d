"""Start, stop and re-date the clocks of a case.

Clocks: ``verify`` from filing until the desk has sent the case on; ``respond`` from filing until the first answer;
``total`` from filing until the answer, and again from a review; ``leg`` per forwarding; ``confirm`` while the reporter
is asked whether the matter is solved. Limits are those in force on the day of receipt. The computed dates are kept on
the clock and, for lists, on the case; they follow from events, limit and calendar and can be computed again.

Nothing here is written at once: ``steps.record`` writes all clocks of a change together (``clock_book``).
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from core.models import Agency
from workflows.calendar import NoWorkingTime, WorkingCalendar
from workflows.models import ClockCycle, Complaint, ComplaintDesk, Leg, SlaPolicy, WorkingHours
from workflows.selectors.calendars import CalendarVersion, calendar_for, calendar_version
from workflows.selectors.complaints import pauses_of
from workflows.selectors.desk import desk_of
from workflows.selectors.locking import Versions
from workflows.selectors.policies import kept_policy_for
from workflows.services.clock_book import book_of
from workflows.sla import Pause, due_in_working_days, due_in_working_minutes
from workflows.states import DESK_STATUSES, Outcome, Status

Clock = SlaPolicy.Clock
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def start(complaint: Complaint, kind: str, at: datetime, leg: Leg | None = None) -> ClockCycle:
    """Start a clock under the limit of the day of receipt; without a limit it is not measured."""
    agency = _agency_of(complaint, leg)
    policy = _policy(complaint, kind, leg)
    version = _version(complaint)
    clock = ClockCycle(
        complaint=complaint,
        kind=kind,
        leg=leg,
        cycle=complaint.cycle,
        policy=policy,
        calendar_version=version.number,
        started_at=at,
        due_at=due_of(policy, calendar_of(agency, version), at, ()),
    )
    book_of(complaint).started.append(clock)
    _show(complaint, clock)
    complaint.calendar_version = version.number
    return clock


def stop(complaint: Complaint, kinds: Collection[str], at: datetime) -> None:
    """Stop the running clocks of these kinds and write their outcome, once."""
    clocks = [clock for clock in running(complaint) if clock.kind in kinds]
    pauses = _pauses(complaint, at) if clocks else []
    for clock in clocks:
        _stop(complaint, clock, at, pauses)


def redate(complaint: Complaint, at: datetime) -> None:
    """Compute the running clocks again after a pause, with every pause so far."""
    pauses = _pauses(complaint, at)
    for clock in running(complaint):
        calendar = calendar_of(_agency_of(complaint, clock.leg), _version(complaint))
        clock.due_at = due_of(clock.policy, calendar, clock.started_at, pauses)
        _show(complaint, clock)


def repolicy(complaint: Complaint, at: datetime) -> None:
    """Look up the limits of the citizen's running clocks again, after the class or category was corrected."""
    pauses = _pauses(complaint, at)
    for clock in running(complaint):
        policy = _policy(complaint, clock.kind, clock.leg)
        if clock.kind == Clock.CONFIRM or policy == clock.policy:
            continue
        clock.policy = policy
        calendar = calendar_of(_agency_of(complaint, clock.leg), _version(complaint))
        clock.due_at = due_of(policy, calendar, clock.started_at, pauses)
        _show(complaint, clock)


def running(complaint: Complaint) -> list[ClockCycle]:
    """Clocks that run, those started by this change included."""
    return book_of(complaint).running()


def due_of(
    policy: SlaPolicy | None, calendar: WorkingCalendar | None, started: datetime, pauses: Iterable[Pause]
) -> datetime | None:
    """When a limit is reached; None where there is no limit or no calendar: not measured, never "in time"."""
    if policy is None or calendar is None:
        return None
    try:
        if policy.unit == SlaPolicy.Unit.WORKING_DAYS:
            return due_in_working_days(calendar, started, policy.number, pauses=pauses).due
        minutes = policy.number * (60 if policy.unit == SlaPolicy.Unit.WORKING_HOURS else 1)
        return due_in_working_minutes(calendar, started, minutes, pauses=pauses).due
    except NoWorkingTime:
        return None


def calendar_of(agency: Agency | None, version: CalendarVersion | None = None) -> WorkingCalendar | None:
    """An agency's calendar; None where no office hours are loaded, because filing must not fail over that."""
    try:
        return calendar_for(agency, version=version)
    except WorkingHours.DoesNotExist:
        return None


def waiting_ends(complaint: Complaint, at: datetime, days: int) -> datetime | None:
    """Closing time some working days after a moment, by the coordinator's calendar."""
    calendar = calendar_of(desk_behind(complaint).coordinator, _version(complaint))
    return due_in_working_days(calendar, at, days).due if calendar else None


def set_next_due(complaint: Complaint) -> None:
    """Cache the due date of whoever has the next move; the row is saved by the caller."""
    due = {clock.kind: clock.due_at for clock in running(complaint)}
    order: dict[str, tuple[str, ...]] = {
        Status.FOLLOWED_UP: (Clock.CONFIRM,),
        **dict.fromkeys(DESK_STATUSES, (Clock.VERIFY, Clock.TOTAL)),
        **dict.fromkeys((Status.FORWARDED, Status.IN_PROGRESS, Status.ON_HOLD), (Clock.LEG, Clock.TOTAL)),
        Status.IN_REVIEW: (Clock.TOTAL,),
    }
    wanted = (due[kind] for kind in order.get(complaint.status, ()) if due.get(kind))
    complaint.next_due_at = next(wanted, None)


def _stop(complaint: Complaint, clock: ClockCycle, at: datetime, pauses: list[Pause]) -> None:
    calendar = calendar_of(_agency_of(complaint, clock.leg), _version(complaint))
    if pauses:
        clock.due_at = due_of(clock.policy, calendar, clock.started_at, pauses)
        _show(complaint, clock)
    clock.stopped_at, clock.outcome = at, outcome_of(clock, at)
    if calendar:
        paused = sum((_worked(calendar, clock, pause, at) for pause in pauses), timedelta(0))
        clock.paused_minutes = paused // MINUTE
        clock.working_minutes = (calendar.working_time(clock.started_at, at) - paused) // MINUTE


def outcome_of(clock: ClockCycle, at: datetime) -> Outcome:
    """Nobody is measured by how long a reporter takes, nor without a limit."""
    if clock.due_at is None or clock.kind == Clock.CONFIRM:
        return Outcome.NOT_MEASURED
    return Outcome.MET if at <= clock.due_at else Outcome.MISSED


def _pauses(complaint: Complaint, at: datetime) -> list[Pause]:
    """A case under lock knows whether its reporter was ever asked; most never are (one statement otherwise)."""
    return pauses_of(complaint, at) if getattr(complaint, "was_asked", True) else []


def _worked(calendar: WorkingCalendar, clock: ClockCycle, pause: Pause, at: datetime) -> timedelta:
    begin, end = max(pause.start, clock.started_at), min(pause.end, at)
    return calendar.working_time(begin, end) if begin < end else timedelta(0)


def _show(complaint: Complaint, clock: ClockCycle) -> None:
    """Copy a date to where lists read it."""
    if clock.kind == Clock.TOTAL:
        complaint.due_at, complaint.policy = clock.due_at, clock.policy
    elif clock.kind == Clock.RESPOND:
        complaint.respond_due_at = clock.due_at
    elif clock.kind == Clock.LEG and clock.leg:
        if clock.leg.pk and clock.leg.due_at != clock.due_at:
            book_of(complaint).legs.append(clock.leg)
        clock.leg.due_at = clock.due_at


def _version(complaint: Complaint) -> CalendarVersion:
    """The calendars' version, read once per row object: one transaction counts by one calendar."""
    known = complaint.__dict__.get("_calendar_version")
    if known is None:
        known = complaint.__dict__["_calendar_version"] = calendar_version()
    return known


def know(complaint: Complaint, versions: Versions, desk: ComplaintDesk | None = None) -> None:
    """Take over what was read together with a locked row, so that no clock reads it again."""
    complaint.__dict__["_calendar_version"] = CalendarVersion(versions.calendar or 0, versions.calendar_token)
    complaint.__dict__["_rules_stamp"] = versions.stamp
    if desk is not None:
        complaint.__dict__["_desk"] = desk


def _agency_of(complaint: Complaint, leg: Leg | None) -> Agency | None:
    """A leg runs by its agency's calendar, everything else by the coordinator's."""
    return leg.agency if leg else desk_behind(complaint).coordinator


def desk_behind(complaint: Complaint) -> ComplaintDesk:
    """The desk of the case's region, read once per row object."""
    known = complaint.__dict__.get("_desk")
    if known is None:
        known = complaint.__dict__["_desk"] = desk_of(complaint.region)
    return known


def _policy(complaint: Complaint, kind: str, leg: Leg | None) -> SlaPolicy | None:
    return kept_policy_for(
        complaint.__dict__.get("_rules_stamp"),
        agency=_agency_of(complaint, leg),
        clock=kind,
        on=complaint.received_at.astimezone(complaint.region.zone).date(),
        case_class=complaint.case_class,
        category=complaint.category.code if complaint.category else "",
    )

"""Start, stop and re-date the clocks of a case.

Clocks: ``verify`` from filing until the desk has sent the case on; ``respond`` from filing until the first answer;
``total`` from filing until the answer, and again from a review; ``leg`` per forwarding; ``confirm`` while the reporter
is asked whether the matter is solved; ``arbiter`` from the return that makes an arbiter decide until the decision.
Limits are those in force on the day of receipt (``limit_of_case``). The counted date follows from events, limit and
calendar and can be counted again; ``due_at`` is the promise, which a count moves later but never earlier.

Nothing here is written at once: ``steps.record`` writes all clocks of a change together (``clock_book``).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from core.models import Agency
from workflows.calendar import NoWorkingTime, WorkingCalendar
from workflows.models import ClockCycle, Complaint, ComplaintDesk, Leg, SlaPolicy, WorkingHours
from workflows.selectors.calendars import CalendarVersion, calendar_for, calendar_version
from workflows.selectors.complaints import pauses_of
from workflows.selectors.desk import desk_of
from workflows.selectors.locking import Versions
from workflows.selectors.policies import limit_of_case
from workflows.services.clock_book import book_of
from workflows.sla import Pause, due_in_working_days, due_in_working_minutes, promise
from workflows.states import DESK_STATUSES, Outcome, Status

Clock = SlaPolicy.Clock
MINUTE = timedelta(minutes=1)
# Whose date counts for the next move, the closest first.
NEXT_CLOCKS: dict[str, tuple[str, ...]] = {
    Status.FOLLOWED_UP: (Clock.CONFIRM,),
    **dict.fromkeys(DESK_STATUSES, (Clock.ARBITER, Clock.VERIFY, Clock.TOTAL)),
    **dict.fromkeys((Status.FORWARDED, Status.IN_PROGRESS, Status.ON_HOLD), (Clock.LEG, Clock.TOTAL)),
    Status.IN_REVIEW: (Clock.TOTAL,),
}


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
        counted_due_at=due_of(policy, calendar_of(agency, version), at, ()),
    )
    clock.due_at = clock.counted_due_at
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


def leave(complaint: Complaint, at: datetime) -> None:
    """Stop all clocks because the case follows another one: nothing was answered, so nothing is measured."""
    pauses = _pauses(complaint, at)
    for clock in running(complaint):
        _keep_lateness(complaint, clock, at, pauses)
        clock.stopped_at, clock.outcome = at, Outcome.NOT_MEASURED


def take_up(complaint: Complaint, left: ClockCycle, at: datetime) -> None:
    """Let a clock that was left run on: the same start, limit, extension and promise, and late if it was late."""
    carried = ("kind", "cycle", "policy", "started_at", "due_at", "extension_days")
    clock = ClockCycle(complaint=complaint, **{name: getattr(left, name) for name in carried})
    clock.is_breached = left.is_breached or left.outcome == Outcome.MISSED
    book_of(complaint).started.append(clock)
    count(complaint, clock, _pauses(complaint, at))


def redate(complaint: Complaint, at: datetime) -> None:
    """Count the running clocks again after a pause, with every pause so far."""
    pauses = _pauses(complaint, at)
    for clock in running(complaint):
        count(complaint, clock, pauses)


def repolicy(complaint: Complaint, at: datetime) -> None:
    """Look up the limits of the running clocks again, after the class or category was corrected.

    What was promised is never shortened by it, nor taken back where the new class has no limit; late stays late.
    """
    pauses = _pauses(complaint, at)
    for clock in running(complaint):
        policy = _policy(complaint, clock.kind, clock.leg)
        if clock.kind != Clock.CONFIRM and policy not in {None, clock.policy}:
            _keep_lateness(complaint, clock, at, pauses)
            clock.policy = policy
            count(complaint, clock, pauses)


def rebase(complaint: Complaint, clock: ClockCycle, policy: SlaPolicy, at: datetime) -> None:
    """Count one clock under another version of its limit; a date that had passed stays missed."""
    pauses = _pauses(complaint, at)
    _keep_lateness(complaint, clock, at, pauses)
    clock.policy = policy
    count(complaint, clock, pauses, is_new_promise=True)


def extend(complaint: Complaint, clock: ClockCycle, days: int, at: datetime) -> None:
    """Add working days to a clock, counted from the same day 0; a date that had passed stays missed."""
    pauses = _pauses(complaint, at)
    _keep_lateness(complaint, clock, at, pauses)
    clock.extension_days += days
    count(complaint, clock, pauses)


def _keep_lateness(complaint: Complaint, clock: ClockCycle, at: datetime, pauses: list[Pause]) -> None:
    """Before another limit or date holds: whether this one had passed, a wait that still lasts not counted."""
    count(complaint, clock, pauses)
    clock.is_breached = is_late(clock, at)


def is_late(clock: ClockCycle, at: datetime) -> bool:
    return clock.is_breached or (clock.due_at is not None and at > clock.due_at)


def count(complaint: Complaint, clock: ClockCycle, pauses: list[Pause], *, is_new_promise: bool = False) -> None:
    """Date a clock by its events, its limit and the calendar of today.

    An earlier date leaves the promise where it is, unless somebody decided and said so (``is_new_promise``).
    """
    version = _version(complaint)
    calendar = calendar_of(_agency_of(complaint, clock.leg), version)
    counted = due_of(clock.policy, calendar, clock.started_at, pauses, clock.extension_days)
    promised = None if is_new_promise or counted is None else clock.due_at
    clock.counted_due_at, clock.due_at = counted, counted and promise(promised, counted)
    clock.calendar_version, clock.remind_at = version.number, None
    _show(complaint, clock)


def running(complaint: Complaint) -> list[ClockCycle]:
    """Clocks that run, those started by this change included."""
    return book_of(complaint).running()


def due_of(
    policy: SlaPolicy | None,
    calendar: WorkingCalendar | None,
    started: datetime,
    pauses: Iterable[Pause],
    extension: int = 0,
) -> datetime | None:
    """When a limit is reached; None where there is no limit or no calendar: not measured, never "in time"."""
    if policy is None or calendar is None:
        return None
    try:
        if policy.unit == SlaPolicy.Unit.WORKING_DAYS:
            return due_in_working_days(calendar, started, policy.number, pauses=pauses, extension=extension).due
        return due_in_working_minutes(calendar, started, policy.minutes, pauses=pauses).due
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
    complaint.next_due_at = next_due_of(complaint.status, due)


def next_due_of(status: str, due: Mapping[str, datetime | None]) -> datetime | None:
    """Of the dates of the running clocks the one of whoever has the next move."""
    return next((at for kind in NEXT_CLOCKS.get(status, ()) if (at := due.get(kind))), None)


def _stop(complaint: Complaint, clock: ClockCycle, at: datetime, pauses: list[Pause]) -> None:
    calendar = calendar_of(_agency_of(complaint, clock.leg), _version(complaint))
    # A decree that was not yet worked in counts too: the outcome is by the calendar of the day it is written.
    if pauses or clock.calendar_version != _version(complaint).number:
        count(complaint, clock, pauses)
    clock.stopped_at, clock.outcome = at, outcome_of(clock, at)
    if calendar:
        paused = sum((_worked(calendar, clock, pause, at) for pause in pauses), timedelta(0))
        clock.paused_minutes = paused // MINUTE
        clock.working_minutes = (calendar.working_time(clock.started_at, at) - paused) // MINUTE


def outcome_of(clock: ClockCycle, at: datetime) -> Outcome:
    """Nobody is measured by how long a reporter takes, nor without a limit."""
    if clock.due_at is None or clock.kind == Clock.CONFIRM:
        return Outcome.NOT_MEASURED
    return Outcome.MISSED if is_late(clock, at) else Outcome.MET


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
    return limit_of_case(complaint, kind, _agency_of(complaint, leg), stamp=complaint.__dict__.get("_rules_stamp"))

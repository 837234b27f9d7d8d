"""Which reminder rules hold for a clock, when each comes true, and whom it names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from core.models import Agency, User
from core.permissions import Role
from workflows.calendar import NoWorkingTime, WorkingCalendar
from workflows.ladder import Moment, moment_of, opening_after
from workflows.models import Arbiter, ClockCycle, Complaint, EscalationRule, SlaPolicy
from workflows.sla import Deadline, Pause, due_in_working_days, due_in_working_minutes

To = EscalationRule.To
ROLE_OF = {To.OFFICER: Role.LIAISON, To.HEAD: Role.AGENCY_HEAD, To.DESK: Role.VERIFIER, To.ADMIN: Role.REGIONAL_ADMIN}


class Recipient(NamedTuple):
    """Somebody with an account, or an address a rule names."""

    user: User | None = None
    address: str = ""


class Ladder:
    """All rules, read once (or as given); the closest scope that has any rule for a clock decides alone."""

    def __init__(self, rules: Iterable[EscalationRule] | None = None) -> None:
        self._rules: dict[str, list[EscalationRule]] = defaultdict(list)
        for rule in EscalationRule.objects.select_related("agency") if rules is None else rules:
            self._rules[rule.clock].append(rule)
        self._people: dict[tuple[str, int], list[User]] = {}
        self._arbiters: dict[int, User] | None = None

    def rules_for(self, kind: str, region_id: int, agency: Agency | None) -> list[EscalationRule]:
        """Active rules of the agency or a unit above it, else of the region, else those of every region."""
        levels: dict[int, list[EscalationRule]] = defaultdict(list)
        for rule in self._rules.get(kind, ()):
            level = _closeness(rule, region_id, agency)
            if level is not None:
                levels[level].append(rule)
        closest = levels[max(levels)] if levels else []
        return [rule for rule in closest if rule.is_active]

    def recipients(self, rule: EscalationRule, clock: ClockCycle) -> list[Recipient]:
        """Whom a rule names for this clock; nobody where no such person works there."""
        case, agency = clock.complaint, clock.leg.agency if clock.leg else clock.complaint.current_agency
        if rule.to == To.ADDRESS:
            return [Recipient(address=rule.address)]
        if rule.to == To.OFFICER and agency and case.assignee and case.assignee.is_active:
            return [Recipient(case.assignee)]
        if rule.to in (To.OFFICER, To.HEAD) and agency:
            return [Recipient(user) for user in self._at_agency(ROLE_OF[To(rule.to)], agency)]
        if rule.to == To.HEAD:
            return []
        role = Role.VERIFIER if rule.to == To.OFFICER else ROLE_OF[To(rule.to)]
        people = self._at_region(role, case)
        if clock.kind == SlaPolicy.Clock.ARBITER and (named := self._arbiter_of(case.region_id)):
            # Whose decision it is; the others hear of it only when it is late.
            people = [named, *(user for user in people if rule.moment == Moment.AFTER and user != named)]
        return [Recipient(user) for user in people]

    def _arbiter_of(self, region_id: int) -> User | None:
        if self._arbiters is None:
            named = Arbiter.objects.filter(user__is_active=True).exclude(user__email="").select_related("user")
            self._arbiters = {row.region_id: row.user for row in named}
        return self._arbiters.get(region_id)

    def _at_agency(self, role: str, agency: Agency) -> list[User]:
        """Those of the agency itself, else of the closest agency above it."""
        for pk in reversed([int(part) for part in agency.path.strip("/").split("/")]):
            if people := self._holders(role, pk, agency=True):
                return people
        return []

    def _at_region(self, role: str, case: Complaint) -> list[User]:
        return self._holders(role, case.region_id, agency=False)

    def _holders(self, role: str, pk: int, *, agency: bool) -> list[User]:
        key = (f"{role}:{'agency' if agency else 'region'}", pk)
        if key not in self._people:
            over = {"role_assignments__agency" if agency else "role_assignments__region": pk}
            people = User.objects.filter(is_active=True, role_assignments__role=role, **over)
            self._people[key] = list(people.exclude(email="").distinct())
        return self._people[key]


def _closeness(rule: EscalationRule, region_id: int, agency: Agency | None) -> int | None:
    """How close a rule stands: 0 for every region, 1 for the region, more for an agency; None where it says nothing."""
    if rule.region_id is None:
        return 0
    if rule.region_id != region_id:
        return None
    if rule.agency is None:
        return 1
    return 1 + len(rule.agency.path) if agency and agency.path.startswith(rule.agency.path) else None


def moments(
    rules: Iterable[EscalationRule], clock: ClockCycle, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> list[tuple[datetime, EscalationRule]]:
    """When each rule comes true, the earliest first; one that never does is left out."""
    deadline = deadline_of(clock, calendar, pauses)
    if deadline is None or clock.due_at is None:
        return []
    found = []
    for rule in rules:
        try:
            at = moment_of(rule.moment, rule.number, deadline, calendar)
            if rule.moment == Moment.AFTER:
                at = opening_after(calendar, clock.due_at, rule.number)
        except NoWorkingTime:
            continue
        if at is not None:
            found.append((at, rule))
    return sorted(found, key=lambda pair: (pair[0], pair[1].pk))


def deadline_of(clock: ClockCycle, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> Deadline | None:
    """The clock's count with every day of it; None without a limit or working time."""
    policy = clock.policy
    if policy is None:
        return None
    try:
        if policy.minutes:
            return due_in_working_minutes(calendar, clock.started_at, policy.minutes, pauses=pauses)
        return due_in_working_days(
            calendar, clock.started_at, policy.days, pauses=pauses, extension=clock.extension_days
        )
    except NoWorkingTime:
        return None

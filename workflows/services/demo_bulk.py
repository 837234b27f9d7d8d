"""Many made-up complaints, fast: the same rows the services would write, made in memory and inserted in bulk.

Kept are the chain of events, one event per status change, legs, clocks with their outcomes and the deadlines of the
real calendars; left out are words beyond a title, files and messages to anybody.
"""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.models import Agency, District, Region, User
from core.permissions import Role
from workflows.actors import ActorKind
from workflows.calendar import WorkingCalendar
from workflows.chain import stated
from workflows.models import Category, ClockCycle, Complaint, ComplaintEvent, Leg, ReferenceCounter, Reporter, SlaPolicy
from workflows.selectors.calendars import calendar_version
from workflows.selectors.desk import desk_of
from workflows.selectors.policies import policy_for
from workflows.services.clocks import Clock, calendar_of, due_of, outcome_of
from workflows.services.demo_words import PLACES, STORIES, STRAY_SHARE, VAGUE, VAGUE_BODY, VAGUE_SHARE
from workflows.states import Action, Channel, ClosedBy, Status

BATCH = 1000
SPREAD_DAYS = 720
# A case older than this has ended.
OPEN_DAYS = 40
MINUTE = timedelta(minutes=1)
S, A = Status, Action
# Moves after filing, with how often they are the whole path; ended ones first.
ENDED = (
    ("verify forward accept answer confirm", 45),
    ("verify forward accept answer silence", 30),
    ("reject", 15),
    ("refer", 10),
)
OPEN = (
    ("", 15),
    ("verify", 15),
    ("verify forward", 20),
    ("verify forward accept", 35),
    ("verify forward accept answer", 15),
)
MOVES: dict[str, tuple[Action, Status, float, float]] = {
    "verify": (A.VERIFIED, S.VERIFIED, 2, 60),
    "forward": (A.FORWARDED, S.FORWARDED, 0.5, 20),
    "accept": (A.ACCEPTED, S.IN_PROGRESS, 1, 50),
    "answer": (A.FOLLOWED_UP, S.FOLLOWED_UP, 12, 330),
    "confirm": (A.CONFIRMED, S.CLOSED, 4, 190),
    "silence": (A.CLOSED_BY_SILENCE, S.CLOSED, 0, 0),
    "reject": (A.REJECTED, S.REJECTED, 3, 60),
    "refer": (A.REFERRED_OUT, S.REFERRED_OUT, 3, 60),
}
BY_REPORTER, BY_OFFICE = {A.FILED, A.CONFIRMED}, {A.ACCEPTED, A.FOLLOWED_UP}


@dataclass(slots=True)
class _World:
    """What all cases of one run share; dates already computed are kept."""

    region: Region
    now: datetime
    dice: random.Random
    agencies: list[Agency]
    categories: list[Category]
    districts: list[District]
    verifier: User
    officers: dict[int, User]
    coordinator: Agency | None
    version: int
    policies: dict[tuple, SlaPolicy | None] = field(default_factory=dict)
    calendars: dict[int, WorkingCalendar | None] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def policy(self, kind: str, at: datetime, agency: Agency | None) -> SlaPolicy | None:
        key = (kind, at.date().year, at.date().month, agency.pk if agency and kind == Clock.LEG else 0)
        if key not in self.policies:
            self.policies[key] = policy_for(agency=agency, clock=kind, on=at.date(), case_class="complaint")
        return self.policies[key]

    def calendar(self, agency: Agency | None) -> WorkingCalendar | None:
        key = agency.pk if agency else 0
        if key not in self.calendars:
            self.calendars[key] = calendar_of(agency)
        return self.calendars[key]

    def topic(self, code: str) -> Category | None:
        """The topic with this code; any of the region's where it has none such."""
        found = next((row for row in self.categories if row.code == code), None)
        return found or (self.dice.choice(self.categories) if self.categories else None)

    def agency(self, code: str) -> Agency:
        """Where most cases like it go; some go elsewhere."""
        found = next((row for row in self.agencies if row.code == code), None)
        return found if found and self.dice.random() >= STRAY_SHARE else self.dice.choice(self.agencies)

    def number(self, year: int) -> int:
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return self.numbers[year]


@dataclass(slots=True)
class _Case:
    complaint: Complaint
    events: list[ComplaintEvent]
    clocks: list[ClockCycle]
    leg: Leg | None
    goes_to: Agency


@transaction.atomic
def make_bulk_complaints(*, region: Region, n: int, seed: int, now: datetime | None = None) -> int:
    """Insert ``n`` complaints spread over the last two years; returns how many."""
    world = _world(region, now or timezone.now(), seed)
    prefix = desk_of(region).prefix
    for start in range(0, n, BATCH):
        _insert([_case(world, prefix) for _number in range(min(BATCH, n - start))])
    for year, last in world.numbers.items():
        ReferenceCounter.objects.update_or_create(region=region, year=year, defaults={"last": last})
    return n


def _world(region: Region, now: datetime, seed: int) -> _World:
    agencies = list(Agency.objects.filter(region=region).exclude(parent=None).select_related("region"))
    agencies = agencies or list(Agency.objects.filter(region=region).select_related("region"))
    liaisons = User.objects.filter(role_assignments__role=Role.LIAISON, role_assignments__agency__isnull=False)
    officers = {row["role_assignments__agency"]: row["pk"] for row in liaisons.values("pk", "role_assignments__agency")}
    staff = User.objects.in_bulk(officers.values())
    verifier = User.objects.filter(role_assignments__role=Role.VERIFIER, role_assignments__region=region).first()
    if verifier is None or not agencies:
        raise ValueError("bulk complaints need a verifier and an agency in the region")
    return _World(
        region=region,
        now=now,
        dice=random.Random(seed),  # noqa: S311  the same rows every time
        agencies=agencies,
        categories=list(Category.objects.for_region(region)),
        districts=list(District.objects.filter(region=region)),
        verifier=verifier,
        officers={agency: staff[pk] for agency, pk in officers.items()},
        coordinator=desk_of(region).coordinator,
        version=calendar_version().number,
        numbers=dict(ReferenceCounter.objects.select_for_update().filter(region=region).values_list("year", "last")),
    )


def _case(world: _World, prefix: str) -> _Case:
    dice, zone = world.dice, world.region.zone
    day = world.now - timedelta(days=dice.uniform(0.2, SPREAD_DAYS))
    received = min(day.astimezone(zone).replace(hour=dice.randint(6, 21), minute=dice.randint(0, 59)), world.now)
    story, is_vague = dice.choice(STORIES), dice.random() < VAGUE_SHARE
    titles, body = (VAGUE, VAGUE_BODY) if is_vague else (story.titles, " ".join(dice.sample(story.details, 2)))
    complaint = Complaint(
        region=world.region,
        reference=f"{prefix}-{received.year}-{world.number(received.year):06}",
        secret_hash=secrets.token_hex(32),
        title=f"{dice.choice(titles)} {dice.choice(PLACES)}",
        body=f"{body} Laporan contoh.",
        category=world.topic(story.topic),
        district=dice.choice(world.districts) if world.districts else None,
        channel=dice.choice((Channel.WEB, Channel.WEB, Channel.QR, Channel.COUNTER)),
        is_anonymous=dice.random() < 0.3,
        is_confidential=dice.random() < 0.1,
        received_at=received,
        entered_at=received,
        calendar_version=world.version,
        is_demo=True,
    )
    return _lived(world, complaint, story.agency)


def _lived(world: _World, complaint: Complaint, agency: str) -> _Case:
    """Move the case along a path that fits its age, keeping events, leg, clocks and cached dates together."""
    case = _Case(complaint, [], [], None, world.agency(agency))
    old = world.now - complaint.received_at > timedelta(days=OPEN_DAYS)
    paths = ENDED if old else OPEN
    path = world.dice.choices([path for path, _weight in paths], [weight for _path, weight in paths])[0]
    state = {"status": S.RECEIVED.value}
    at = complaint.received_at
    _event(world, case, A.FILED, at, before="", after=S.RECEIVED)
    for kind in (Clock.VERIFY, Clock.RESPOND, Clock.TOTAL):
        _start(world, case, kind, at)
    for move in path.split():
        action, after = MOVES[move][:2]
        at = _moment(world, case, move, at)
        if at >= world.now:
            break
        _apply(world, case, action, at)
        _event(world, case, action, at, before=state["status"], after=after)
        state["status"] = after.value
    _settle(case, state["status"])
    return case


def _moment(world: _World, case: _Case, move: str, at: datetime) -> datetime:
    if move == "silence":
        due = next((clock.due_at for clock in case.clocks if clock.kind == Clock.CONFIRM), None)
        return (due or at + timedelta(days=14)) + MINUTE
    least, most = MOVES[move][2:]
    return at + timedelta(hours=world.dice.uniform(least, most))


def _apply(world: _World, case: _Case, action: Action, at: datetime) -> None:
    """The fields and clocks that go with one move."""
    complaint = case.complaint
    if action == A.FORWARDED:
        complaint.current_agency = case.goes_to
        case.leg = Leg(agency=complaint.current_agency, forwarded_at=at)
        _stop(world, case, {Clock.VERIFY}, at)
        _start(world, case, Clock.LEG, at)
    elif action == A.ACCEPTED and case.leg:
        case.leg.accepted_at, complaint.assignee = at, _actor(world, case, action)
    elif action == A.FOLLOWED_UP and case.leg:
        case.leg.answered_at = complaint.answered_at = at
        complaint.handled_by = _actor(world, case, action)
        _stop(world, case, {Clock.LEG, Clock.RESPOND, Clock.TOTAL}, at)
        _start(world, case, Clock.CONFIRM, at)
    elif action in (A.CONFIRMED, A.CLOSED_BY_SILENCE):
        complaint.closed_at = at
        complaint.closed_by = ClosedBy.REPORTER if action == A.CONFIRMED else ClosedBy.SILENCE
        _stop(world, case, {Clock.CONFIRM}, at)
    elif action in (A.REJECTED, A.REFERRED_OUT):
        complaint.closed_at, complaint.reason = at, "too_general" if action == A.REJECTED else "other_government"
        complaint.referred_to = "" if action == A.REJECTED else "Instansi lain (contoh)"
        _stop(world, case, set(Clock.values), at)


def _settle(case: _Case, status: str) -> None:
    """Write where the case stands now, with the dates lists read."""
    complaint = case.complaint
    due = {clock.kind: clock for clock in case.clocks}
    running = {kind: clock.due_at for kind, clock in due.items() if clock.stopped_at is None}
    complaint.__dict__["status"] = status
    complaint.version = len(case.events)
    complaint.due_at, complaint.policy = due[Clock.TOTAL].due_at, due[Clock.TOTAL].policy
    complaint.respond_due_at = due[Clock.RESPOND].due_at
    order = (Clock.CONFIRM, Clock.LEG, Clock.VERIFY, Clock.TOTAL)
    complaint.next_due_at = next((running[kind] for kind in order if running.get(kind)), None)


def _start(world: _World, case: _Case, kind: str, at: datetime) -> None:
    agency = case.leg.agency if kind == Clock.LEG and case.leg else world.coordinator
    policy = world.policy(kind, case.complaint.received_at, agency)
    due = due_of(policy, world.calendar(agency), at, ())
    dates = {"started_at": at, "due_at": due, "counted_due_at": due}
    clock = ClockCycle(kind=kind, policy=policy, calendar_version=world.version, **dates)
    case.clocks.append(clock)
    if kind == Clock.LEG and case.leg:
        clock.leg, case.leg.due_at = case.leg, due


def _stop(world: _World, case: _Case, kinds: set[str], at: datetime) -> None:
    for clock in case.clocks:
        if clock.kind in kinds and clock.stopped_at is None:
            agency = clock.leg.agency if clock.leg else world.coordinator
            calendar = world.calendar(agency)
            clock.stopped_at, clock.outcome = at, outcome_of(clock, at)
            worked = calendar.working_time(clock.started_at, at) if calendar else timedelta(0)
            clock.working_minutes, clock.paused_minutes = worked // MINUTE, 0


def _event(world: _World, case: _Case, action: Action, at: datetime, *, before: str, after: str) -> None:
    actor = _actor(world, case, action)
    kind = ActorKind.SYSTEM if action == A.CLOSED_BY_SILENCE else ActorKind.STAFF if actor else ActorKind.REPORTER
    agency = case.complaint.current_agency if action in BY_OFFICE | {A.FORWARDED} else None
    case.events.append(
        ComplaintEvent(
            sequence=len(case.events) + 1,
            action=action,
            before=before,
            after=after,
            actor_kind=kind.value,
            actor=actor,
            agency=agency,
            at=at,
            data={} if case.events else stated(case.complaint.received_at, case.complaint.channel),
        )
    )


def _actor(world: _World, case: _Case, action: Action) -> User | None:
    if action in BY_REPORTER or action == A.CLOSED_BY_SILENCE:
        return None
    agency = case.complaint.current_agency
    if action in BY_OFFICE and agency is not None:
        return world.officers.get(agency.pk, world.verifier)
    return world.verifier


def _insert(cases: list[_Case]) -> None:
    Complaint.objects.bulk_create([case.complaint for case in cases])
    Reporter.objects.bulk_create([Reporter(complaint=case.complaint) for case in cases])
    for case in cases:
        if case.leg:
            case.leg.complaint = case.complaint
        for clock in case.clocks:
            clock.complaint = case.complaint
    Leg.objects.bulk_create([case.leg for case in cases if case.leg])
    ClockCycle.objects.bulk_create(_linked(cases), batch_size=BATCH)
    ComplaintEvent.objects.bulk_create(_chained(cases), batch_size=BATCH)
    for case in cases:
        case.complaint.head_hash = case.events[-1].hash
    Complaint.objects.bulk_update([case.complaint for case in cases], ["head_hash"], batch_size=300)


def _linked(cases: list[_Case]) -> Iterator[ClockCycle]:
    for case in cases:
        for clock in case.clocks:
            clock.leg = case.leg if clock.kind == Clock.LEG else None
            yield clock


def _chained(cases: list[_Case]) -> Iterator[ComplaintEvent]:
    for case in cases:
        before = ""
        for event in case.events:
            event.complaint = case.complaint
            event.seal(before)
            before = event.hash
            yield event

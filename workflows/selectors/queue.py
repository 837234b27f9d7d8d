"""The staff queue: what somebody sees, whose turn it is, and how much waits.

Every list is merged from parts that an index leads through in order (``core.merging``), so its first and last page cost
the same however many cases there are. Numbers above a list are counted up to a limit and never in full.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from core.keeping import MOST_MARKS, Shelf, mark
from core.merging import Keys, Part, bounded_counts, merged_keys
from core.models import Agency, User
from core.permissions import scope_of
from core.selectors import ids_with_undelivered_news
from core.statements import Reading
from workflows.models import CaseReading, Complaint, ConflictOfInterest, Leg
from workflows.selectors.locking import versioned
from workflows.selectors.seats import MOST_SEATS, Seats, seats_of
from workflows.states import (
    AGENCY_STATUSES,
    FINAL_STATUSES,
    OPEN_STATUSES,
    REPORTER_STATUSES,
    RETURNS_BEFORE_ARBITER,
    Status,
)

TURN, OPEN, WAITING, ENDED, ALL = "turn", "open", "waiting", "ended", "all"
TABS = (TURN, OPEN, WAITING, ENDED, ALL)
COUNTED_TABS = (TURN, OPEN, WAITING)
NEWEST_FIRST = (ENDED, ALL)
DESK_TURN = (Status.RECEIVED, Status.VERIFIED, Status.IN_REVIEW)
# Answered or ended, and its reporter has written (``services.hearing``).
WAITED_FOR = (Status.FOLLOWED_UP, *FINAL_STATUSES)
TAB_STATUSES = {
    TURN: (*DESK_TURN, *AGENCY_STATUSES),
    OPEN: OPEN_STATUSES,
    WAITING: REPORTER_STATUSES,
    ENDED: FINAL_STATUSES,
    ALL: tuple(Status),
}
# Numbers stop here and say "more than".
COUNT_LIMIT, STANDING_LIMIT = 500, 5000
RELATED = ("region__complaint_desk__coordinator__region", "current_agency__region", "category", "assignee", "district")
# What no list shows of a case.
UNSHOWN = ("body", "secret_hash", "form_key", "head_hash", "referred_to", "referred_number", "place")
UNENDED = {"closed_at__isnull": True}
# A page is read by so many ids; what it has less of is filled up with an id nobody has.
MOST_IDS, NO_ID = MOST_MARKS, 0
# By person and scope: what somebody may see decides how the query is built.
_pages: Shelf[Reading[Complaint]] = Shelf(500)
# What the arbiter decides on. A literal, no parameter: SQLite then knows that the index for it may be used.
RETURNED_OFTEN = ("return_count__gte", RawSQL(str(RETURNS_BEFORE_ARBITER), ()))  # noqa: S611  a number of ours
UNDELIVERED = ("pk__in", ids_with_undelivered_news("complaint"))
OPENED_AGAIN = {"cycle__gt": RawSQL("1", ())}
# The status where an index by it would mislead: SQLite takes it for ended cases, who are nearly all, however few have
# written, as long as there is none to count.
STATE = Coalesce("status", Value(""))
# Moments that stand open in a kept statement.
NOW, DAY_ENDS = mark(datetime, 0), mark(datetime, 1)
LATE = ("queue_at__lt", NOW)
UNASSIGNED = ("assignee__isnull", True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; ``agencies`` and ``categories`` are ids, None where any will do."""

    statuses: tuple[str, ...] = ()
    agencies: tuple[int, ...] | None = None
    categories: tuple[int, ...] | None = None
    officer: User | None = None
    # More conditions, as pairs; a moment in them is a mark.
    extra: tuple[tuple[str, Any], ...] = ()

    @property
    def conditions(self) -> dict[str, Any]:
        return dict(self.extra)

    @property
    def is_unended(self) -> bool:
        """Whether nothing that has ended can fit: then the few that have not are read alone. Late is what waits."""
        return LATE in self.extra or (bool(self.statuses) and not set(self.statuses) & set(FINAL_STATUSES))

    def among(self, statuses: Iterable[str]) -> list[str]:
        """Those of the statuses that a fitting case may have."""
        left = [status for status in statuses if not self.statuses or status in self.statuses]
        return [status for status in left if status not in FINAL_STATUSES] if LATE in self.extra else left


def agencies_in_queue(user: User) -> QuerySet[Agency]:
    """Agencies to filter by: those the person holds a role on, as a tree."""
    return Agency.objects.visible_to(user).select_related("region").in_tree_order()


def queue_keys(
    user: User, seats: Seats, *, tab: str, wanted: Wanted, given: Mapping[str, str], size: int, now: datetime
) -> Keys:
    """The ids of the asked page (one statement): due first, or newest first where nothing is due any more."""
    return merged_keys(
        lambda: parts_of(user, seats, tab=tab, wanted=wanted),
        given,
        about=about(user, seats, tab, wanted),
        values={NOW: now},
        size=size,
        newest_first=is_newest_first(tab, wanted),
    )


def about(user: User, seats: Seats, *more: Hashable) -> Hashable:
    """What decides how a list of this person is asked for; statements are kept by it."""
    return user.pk, scope_of(user), seats, more


def cases_of(user: User, ids: Sequence[int]) -> list[Complaint]:
    """The rows of a page in its order, with how far the person has read each (one query)."""
    if len(ids) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} cases at once")
    key = user.pk, scope_of(user)
    reading = _pages.kept(key, lambda: Reading(partial(_page_for, user), *[int] * MOST_IDS))
    found = {case.pk: case for case in reading.all(*ids, *[NO_ID] * (MOST_IDS - len(ids)))} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def _page_for(user: User, *ids: int) -> QuerySet[Complaint]:
    read = CaseReading.objects.filter(user=user, complaint=OuterRef("pk")).values("version")
    cases = versioned(Complaint.objects.visible_to(user).select_related(*RELATED).defer(*UNSHOWN))
    return cases.annotate(read_version=Subquery(read)).filter(pk__in=ids).order_by()


def due_now(user: User, *, size: int, now: datetime) -> list[Complaint]:
    """The few cases somebody should look at first (three queries)."""
    keys = queue_keys(user, _own_seats(user), tab=TURN, wanted=Wanted(), given={}, size=size, now=now)
    return cases_of(user, keys.ids)


def tab_counts(user: User, seats: Seats) -> dict[str, int]:
    """How many cases stand under each tab that has work in it, each part up to a limit (one query)."""
    return bounded_counts(
        lambda: {tab: _querysets(user, seats, tab, Wanted()) for tab in COUNTED_TABS},
        COUNT_LIMIT,
        about=about(user, seats),
        values={},
    )


def standing_counts(user: User, now: datetime, day_ends: datetime) -> dict[str, int]:
    """Late, due today and waiting among the cases whose turn it is (two queries)."""
    seats = _own_seats(user)
    today = (("queue_at__gte", NOW), ("queue_at__lte", DAY_ENDS))
    groups = {"late": Wanted(extra=(LATE,)), "today": Wanted(extra=today), "waiting": Wanted()}
    return bounded_counts(
        lambda: {name: _querysets(user, seats, TURN, wanted) for name, wanted in groups.items()},
        STANDING_LIMIT,
        about=about(user, seats),
        values={NOW: now, DAY_ENDS: day_ends},
    )


def parts_of(user: User, seats: Seats, *, tab: str, wanted: Wanted) -> Iterator[Part]:
    """The ordered parts of a tab; together they hold each case once."""
    if tab == TURN:
        yield from _turn(seats, wanted)
    elif wanted.officer or wanted.agencies is not None:
        yield from _narrow(user, seats, tab, wanted)
    else:
        yield from _wide(seats, tab, wanted)


def is_newest_first(tab: str, wanted: Wanted) -> bool:
    """Where something may have ended; what waits comes due first under every tab."""
    return tab in NEWEST_FIRST and not wanted.is_unended


def _own_seats(user: User) -> Seats:
    if "_seats" not in user.__dict__:
        user.__dict__["_seats"] = seats_of(user, agencies_in_queue(user))
    return user.__dict__["_seats"]


def _querysets(user: User, seats: Seats, tab: str, wanted: Wanted) -> list[QuerySet[Any]]:
    return [part.rows for part in parts_of(user, seats, tab=tab, wanted=wanted)]


def _turn(seats: Seats, wanted: Wanted) -> Iterator[Part]:
    """Cases whose next move belongs to this person; a superuser has the turn of everybody in the house."""
    everywhere = len(seats.working) > MOST_SEATS
    for region in seats.desk_regions:
        yield from _by_status(seats, wanted, TURN, wanted.among(DESK_TURN), region=region)
        unheard = _fitting(seats, wanted, region=region, unheard_since__isnull=False)
        yield _part(_in_state(unheard, wanted.among(WAITED_FOR)), TURN, wanted)
    if everywhere:
        for region in set(_regions_of(seats.working)):
            at_work = {"region": region, "current_agency__in": seats.working}
            yield from _by_status(seats, wanted, TURN, wanted.among(AGENCY_STATUSES), **at_work)
        return
    for agency in seats.working:
        statuses = wanted.among(AGENCY_STATUSES)
        yield _part(_fitting(seats, wanted, current_agency=agency, status__in=statuses, **UNENDED), TURN, wanted)
    for agency in seats.heading - seats.working:
        held = wanted.among((Status.ON_HOLD,))
        yield _part(_fitting(seats, wanted, current_agency=agency, status__in=held, **UNENDED), TURN, wanted)


def _regions_of(agencies: Collection[int]) -> QuerySet[Any]:
    return Agency.objects.filter(pk__in=agencies).values_list("region", flat=True).distinct()


def _narrow(user: User, seats: Seats, tab: str, wanted: Wanted) -> Iterator[Part]:
    """Of one officer, or of the agencies asked for, along their own indexes."""
    asked = _fitting(seats, wanted, status__in=wanted.among(TAB_STATUSES[tab]), **_unended(tab, wanted))
    rows = Complaint.objects.visible_to(user) & asked
    if wanted.officer:
        yield _part(rows.filter(assignee=wanted.officer), tab, wanted)
    elif len(wanted.agencies or ()) > MOST_SEATS:
        yield _part(rows, tab, wanted)
    else:
        for agency in wanted.agencies or ():
            yield _part(rows.filter(current_agency=agency), tab, wanted)


def _wide(seats: Seats, tab: str, wanted: Wanted) -> Iterator[Part]:
    """Whole regions, then what agencies outside of them hold or were sent."""
    statuses = wanted.among(TAB_STATUSES[tab])
    for region in seats.regions:
        if wanted.categories is not None and UNASSIGNED not in wanted.extra:
            for topic in wanted.categories:
                narrowed = {"region": region, "category": topic, "status__in": statuses}
                yield _part(_fitting(seats, wanted, **narrowed, **_unended(tab, wanted)), tab, wanted)
        else:
            yield from _by_status(seats, wanted, tab, statuses, region=region)
    if is_newest_first(tab, wanted):
        yield from (_sent_to(agency, seats, wanted, statuses) for agency in seats.agencies)
        return
    for agency in seats.agencies:
        yield _part(_fitting(seats, wanted, current_agency=agency, status__in=statuses, **UNENDED), tab, wanted)
    for rows in _elsewhere(seats, _fitting(seats, wanted, status__in=statuses, **UNENDED)):
        yield _part(rows, tab, wanted)


def _by_status(seats: Seats, wanted: Wanted, tab: str, statuses: list[str], **narrowed: Any) -> Iterator[Part]:
    """One part for each status, so that one index serves it."""
    rows = _fitting(seats, wanted, **narrowed, **_unended(tab, wanted))
    if UNASSIGNED in wanted.extra:
        # Along the index of officers: cases nobody was given may be few, and behind all others of their status.
        yield _part(_in_state(rows, statuses), tab, wanted)
    elif len(statuses) == len(Status):
        yield _part(rows, tab, wanted)
    else:
        for status in statuses:
            yield _part(rows.filter(status=status), tab, wanted)


def _in_state(rows: QuerySet[Complaint], statuses: Sequence[str]) -> QuerySet[Complaint]:
    return rows.alias(state=STATE).filter(state__in=statuses)


def _elsewhere(seats: Seats, rows: QuerySet[Complaint]) -> Iterator[QuerySet[Complaint]]:
    """Cases the agencies were sent that are not with them now: given back, or opened again after their answer.

    An answered case stays with its agency until a new cycle begins, so nothing else leads away; each has an index of
    its own, because an agency was sent far more cases than it has at work.
    """
    if not seats.agencies:
        return
    sent = Leg.objects.filter(agency__in=seats.agencies)
    gone = rows.filter(Q(current_agency__isnull=True) | ~Q(current_agency__in=seats.agencies))
    given_back = sent.filter(returned_at__isnull=False)
    yield gone.filter(pk__in=given_back.values("complaint"))
    again = gone.filter(Exists(sent.filter(complaint=OuterRef("pk"))), **OPENED_AGAIN)
    yield again.exclude(Exists(given_back.filter(complaint=OuterRef("pk"))))


def _sent_to(agency: int, seats: Seats, wanted: Wanted, statuses: list[str]) -> Part:
    """What was ever forwarded to an agency, the latest forwarding of each case."""
    later = Leg.objects.filter(complaint=OuterRef("complaint"), agency__in=seats.agencies, pk__gt=OuterRef("pk"))
    asked = {**wanted.conditions, **({"category__in": wanted.categories} if wanted.categories is not None else {})}
    if len(statuses) < len(Status):
        asked["status__in"] = statuses
    legs = Leg.objects.filter(~Exists(later), agency=agency, **{f"complaint__{name}": v for name, v in asked.items()})
    return Part(_unnamed(seats, legs, "complaint"), "forwarded_at", "complaint")


def _fitting(seats: Seats, wanted: Wanted, **narrowed: Any) -> QuerySet[Complaint]:
    rows = _unnamed(seats, Complaint.objects.filter(**narrowed, **wanted.conditions), "pk")
    if wanted.categories is not None and "category" not in narrowed:
        rows = rows.filter(category__in=wanted.categories)
    if wanted.agencies is not None and "current_agency" not in narrowed:
        rows = rows.filter(current_agency__in=wanted.agencies)
    if wanted.officer:
        rows = rows.filter(assignee=wanted.officer)
    return rows


def _unnamed(seats: Seats, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """Without the cases that are about this person, as in ``visible_to``: they are not even counted."""
    if seats.user.is_superuser:
        return rows
    return rows.exclude(Exists(ConflictOfInterest.objects.of(seats.user).filter(complaint=OuterRef(key))))


def _unended(tab: str, wanted: Wanted) -> dict[str, Any]:
    return {} if is_newest_first(tab, wanted) else UNENDED


def _part(rows: QuerySet[Complaint], tab: str, wanted: Wanted) -> Part:
    return Part(rows, "received_at" if is_newest_first(tab, wanted) else "queue_at")

"""Which time limit applies to a case."""

from bisect import bisect_right
from datetime import date, datetime
from functools import partial
from typing import Any

from core.keeping import Shelf
from core.models import Agency
from workflows.models import Complaint, SlaPolicy

Clock = SlaPolicy.Clock
# For these an agency may set a limit that holds for cases which name it.
NAMED_CLOCKS = frozenset({Clock.VERIFY, Clock.RESPOND, Clock.TOTAL})
# These are the same for every case of a region.
REGION_CLOCKS = frozenset({Clock.CONFIRM, Clock.ARBITER})
KEPT_LIMITS = 4000
# By the stamp of the rules, which a trigger changes with every change of a limit: nothing stale is ever found.
UNKNOWN: Any = object()
_kept: dict[tuple, SlaPolicy | None] = {}
# When limits were published, in order, by the same stamp.
_published: Shelf[list[datetime]] = Shelf(20)


def policy_for(
    *,
    agency: Agency | None,
    clock: str,
    on: date,
    case_class: str = "",
    category: str = "",
    at: datetime | None = None,
) -> SlaPolicy | None:
    """The closest limit in force on the day of filing, or None: then the clock is not measured.

    An agency's own limit stands before its region's and that before the national one; among these a limit
    for the category stands before one for the class, and that before one for every case. What was published after
    the moment ``at`` does not count.
    """
    rows = SlaPolicy.objects.most_specific(
        agency=agency, clock=clock, case_class=case_class, category=category, on=on, at=at
    )
    return rows.first()


def kept_policy_for(
    stamp: str | None,
    *,
    agency: Agency | None,
    clock: str,
    on: date,
    case_class: str = "",
    category: str = "",
    at: datetime,
) -> SlaPolicy | None:
    """The same from memory while the stamp of the rules is the one it was read under (one query at first)."""
    wanted: dict[str, Any] = {"clock": clock, "on": on, "case_class": case_class, "category": category}
    if stamp is None:
        return policy_for(agency=agency, at=at, **wanted)
    # Between two publications every moment knows the same limits.
    known_then = bisect_right(_published.kept(stamp, _publications), at)
    key = (stamp, known_then, agency.path if agency else "", agency and agency.region_id, *wanted.values())
    known = _kept.get(key, UNKNOWN)
    if known is not UNKNOWN:
        return known
    found = policy_for(agency=agency, at=at, **wanted)
    if len(_kept) >= KEPT_LIMITS:
        _kept.clear()
    _kept[key] = found
    return found


def _publications() -> list[datetime]:
    moments = SlaPolicy.objects.order_by("published_at").values_list("published_at", flat=True)
    return [at for at in moments if at is not None]


def limit_of_case(
    complaint: Complaint, clock: str, office: Agency | None, *, stamp: str | None = None
) -> SlaPolicy | None:
    """The limit of a case's clock that runs at an office: the agency's of a leg, else the coordinator.

    The own limit of the agency whose service, poster or name the report gave stands before the coordinator's. A case
    knows the limits of the moment it was entered, however late one of its clocks starts.
    """
    look_up = partial(
        kept_policy_for,
        stamp,
        clock=clock,
        on=complaint.received_at.astimezone(complaint.region.zone).date(),
        case_class=complaint.case_class,
        category=complaint.category.code if complaint.category else "",
        at=complaint.entered_at,
    )
    named = named_agency(complaint) if clock in NAMED_CLOCKS else None
    own = look_up(agency=named) if named else None
    return own if own and own.agency_id else look_up(agency=office)


def named_agency(complaint: Complaint) -> Agency | None:
    """Whom the report was about when it was filed; that never changes."""
    return complaint.agency_hint or (complaint.service.agency if complaint.service else None)

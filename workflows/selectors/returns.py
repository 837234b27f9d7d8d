"""Who returns what to whom: the cost of "not ours", by pair of agencies."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Subquery

from core.models import Agency, User
from core.permissions import Scope, scope_of
from workflows.models import Complaint, Leg
from workflows.permissions import AGENCY_READERS, REGION_READERS
from workflows.states import NO_RETURNS, Reason


class Pair(NamedTuple):
    """``taker`` is the agency that got the case next, None while nobody has it or when it ended at the desk."""

    returner: Agency
    taker: Agency | None
    number: int
    not_ours: int


def return_pairs(user: User, *, first: date, last: date, zone: ZoneInfo) -> list[Pair]:
    """Returns between two days, both included, most frequent first (two queries); only of what the person may see.

    The desk and auditors read their region; an agency reads its own returns and the cases that came to it by one.
    """
    begin, end = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    later = Leg.objects.filter(complaint=OuterRef("complaint"), pk__gt=OuterRef("pk")).order_by("pk")
    rows = Leg.objects.filter(returned_at__gte=begin, returned_at__lt=end)
    rows = rows.filter(complaint__in=Complaint.objects.visible_to(user)).exclude(return_reason__in=NO_RETURNS)
    grouped = (
        rows.annotate(taker=Subquery(later.values("agency")[:1])).order_by().values("agency", "taker", "return_reason")
    )
    counts: dict[tuple[int, int | None], list[int]] = {}
    for row in grouped.annotate(number=Count("pk")):
        cell = counts.setdefault((row["agency"], row["taker"]), [0, 0])
        cell[0] += row["number"]
        cell[1] += row["number"] if row["return_reason"] == Reason.NOT_OURS else 0
    names = Agency.objects.in_bulk({pk for pair in counts for pk in pair if pk})
    pairs = [Pair(names[a], names.get(b) if b else None, *cell) for (a, b), cell in counts.items()]
    scope = scope_of(user)
    pairs = [pair for pair in pairs if _concerns(scope, pair)]
    return sorted(pairs, key=lambda pair: (-pair.number, pair.returner.name))


def _concerns(scope: Scope, pair: Pair) -> bool:
    ends = [agency for agency in (pair.returner, pair.taker) if agency]
    whole = any(scope.covers_region(REGION_READERS, agency.region_id) for agency in ends)
    return whole or any(scope.covers(AGENCY_READERS, agency) for agency in ends)

"""How agencies are judged by their complaints, per period; the same numbers for staff and for the public.

Counted are the cases received in the period, by the office that has them or, while none has, that had them last and
did not give them back; of a case that was split each part counts for its own office, and the whole once for the region.
Times and outcomes come from the rows written when a clock stopped (``ClockCycle``), never computed again. What ended in
the national system before it came here is counted apart and judged by nobody's calendar here. The public reads the
cases that are not confidential, and stars only where ``FEWEST`` reporters gave them, so that no average is one
person's.

Sources: bands of the share followed up > 90, 50–90, < 50 % and average follow-up under five working days as the
ministry's yearly evaluation of complaint handling uses them (PermenPANRB 62/2018 and the evaluation's reports).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.models import Agency, Region
from core.periods import Period
from workflows.models import ClockCycle, Complaint, Finding, Leg, SampledCase, Satisfaction, SlaPolicy
from workflows.selectors.samples import COUNTED
from workflows.states import ANSWERED_STATUSES, NO_RETURNS, OPEN_STATUSES, ClosedBy, Outcome, Share, Status

FEWEST = 5
# A working day of 37.5 hours in five days (Perpres 21/2023); outcome rows hold minutes.
MINUTES_A_DAY = 450
ABOVE_GOOD, FROM_FAIR = 90, 50


@dataclass(slots=True)
class Indicators:
    """One office, or the whole region where ``agency`` is None. Counts are cases; times are working days."""

    agency: Agency | None = None
    received: int = 0
    followed_up: int = 0
    open: int = 0
    closed: int = 0
    by_reporter: int = 0
    by_officer: int = 0
    by_silence: int = 0
    answered_open: int = 0
    referred: int = 0
    duplicates: int = 0
    rejected: int = 0
    reopened: int = 0
    bounced: int = 0
    minutes: int = 0
    timed: int = 0
    met: int = 0
    missed: int = 0
    not_measured: int = 0
    ratings: int = 0
    stars: int = 0
    not_remedied: int = 0
    sampled: int = 0
    looked_at: int = 0
    in_order: int = 0

    @property
    def judged(self) -> int:
        """Cases an answer is owed to: not merged, not rejected, not another body's."""
        return self.received - self.duplicates - self.rejected - self.referred

    @property
    def share(self) -> Decimal | None:
        """Followed up of those owed an answer, in per cent with one decimal; None where none is owed."""
        return _ratio(self.followed_up * 100, self.judged)

    @property
    def band(self) -> str:
        """``good`` above 90 %, ``fair`` from 50 %, ``poor`` below, ``none`` at zero, empty where nothing is owed."""
        if self.share is None:
            return ""
        if not self.followed_up:
            return "none"
        if self.share > ABOVE_GOOD:
            return "good"
        return "fair" if self.share >= FROM_FAIR else "poor"

    @property
    def days(self) -> Decimal | None:
        """Average working days until the answer."""
        return _ratio(self.minutes, self.timed * MINUTES_A_DAY)

    @property
    def on_time(self) -> Decimal | None:
        """Share of measured answers that came in time; what was not measured is in neither part."""
        return _ratio(self.met * 100, self.met + self.missed)

    @property
    def rating(self) -> Decimal | None:
        return _ratio(self.stars, self.ratings)

    def withhold_few_ratings(self) -> None:
        if self.ratings < FEWEST:
            self.ratings = self.stars = self.not_remedied = 0

    @property
    def unexplained(self) -> int:
        """What the parts leave of the whole; shown when it is not zero."""
        parts = self.open + self.answered_open + self.closed + self.referred + self.duplicates + self.rejected
        return self.received - parts


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole region, its offices by name, and what came as history from elsewhere."""

    total: Indicators
    offices: list[Indicators]
    history: int


def indicators_of(region: Region, period: Period, *, public: bool) -> Report:
    """Figures of a period, received from its first day up to its last (nine statements whatever the size)."""
    cases = _received(region, period)
    if public:
        cases = cases.filter(is_confidential=False)
    history = cases.filter(external_report__is_history=True).count()
    cases = cases.exclude(external_report__is_history=True)
    total = Indicators()
    rows: dict[int | None, Indicators] = {}
    _count_cases(cases, total, rows)
    _count_returns(cases, total, rows)
    _time(cases, total, rows)
    _rate(cases, total, rows)
    _sample(cases, total, rows)
    if public:
        for row in (total, *rows.values()):
            row.withhold_few_ratings()
    return Report(total, _named(rows), history)


def _received(region: Region, period: Period) -> QuerySet[Complaint]:
    start, end = (datetime.combine(day, datetime.min.time(), tzinfo=region.zone) for day in (period.start, period.end))
    return Complaint.objects.filter(region=region, received_at__gte=start, received_at__lt=end).order_by()


def _count_cases(cases: QuerySet[Complaint], total: Indicators, rows: dict[int | None, Indicators]) -> None:
    closed = Q(status=Status.CLOSED)
    counts = {
        "received": Count("pk"),
        "followed_up": Count("pk", filter=Q(status__in=ANSWERED_STATUSES)),
        "open": Count("pk", filter=Q(status__in=OPEN_STATUSES)),
        "answered_open": Count("pk", filter=Q(status=Status.FOLLOWED_UP)),
        "closed": Count("pk", filter=closed),
        "by_reporter": Count("pk", filter=closed & Q(closed_by=ClosedBy.REPORTER)),
        "by_officer": Count("pk", filter=closed & Q(closed_by=ClosedBy.OFFICER)),
        "by_silence": Count("pk", filter=closed & Q(closed_by=ClosedBy.SILENCE)),
        "referred": Count("pk", filter=Q(status=Status.REFERRED_OUT)),
        "duplicates": Count("pk", filter=Q(status=Status.DUPLICATE)),
        "rejected": Count("pk", filter=Q(status=Status.REJECTED)),
        "reopened": Count("pk", filter=Q(cycle__gt=1)),
    }
    _add(cases.values("share", office=last_office()).annotate(**counts), total, rows)


def last_office(case: str = "") -> Coalesce:
    """The office a case counts for; ``case`` leads to it. What an office gave back counts as its return only."""
    legs = Leg.objects.filter(
        Q(returned_at__isnull=True) | Q(return_reason__in=NO_RETURNS), complaint=OuterRef(case or "pk")
    )
    latest = legs.order_by("-forwarded_at", "-pk").values("agency")[:1]
    holding = f"{case}__current_agency" if case else "current_agency"
    return Coalesce(holding, Subquery(latest), output_field=BigIntegerField())


def _count_returns(cases: QuerySet[Complaint], total: Indicators, rows: dict[int | None, Indicators]) -> None:
    returned = Leg.objects.filter(complaint__in=cases, returned_at__isnull=False).order_by()
    returned = returned.exclude(return_reason__in=NO_RETURNS)
    _add(returned.values(office=F("agency")).annotate(bounced=Count("pk")), total, rows)


def _time(cases: QuerySet[Complaint], total: Indicators, rows: dict[int | None, Indicators]) -> None:
    """An office is timed by its own clock, the region by the citizen's."""
    counts = {
        "minutes": Sum("working_minutes", default=0),
        "timed": Count("working_minutes"),
        "met": Count("pk", filter=Q(outcome=Outcome.MET)),
        "missed": Count("pk", filter=Q(outcome=Outcome.MISSED)),
        "not_measured": Count("pk", filter=Q(outcome=Outcome.NOT_MEASURED)),
    }
    stopped = ClockCycle.objects.filter(complaint__in=cases, stopped_at__isnull=False).order_by()
    clock = SlaPolicy.Clock
    legs = stopped.filter(kind=clock.LEG, leg__answered_at__isnull=False)
    _add(legs.values(office=F("leg__agency")).annotate(**counts), None, rows)
    answered = stopped.filter(kind=clock.TOTAL, complaint__answered_at__isnull=False)
    _add([answered.aggregate(**counts)], total, {})


def _rate(cases: QuerySet[Complaint], total: Indicators, rows: dict[int | None, Indicators]) -> None:
    given = Satisfaction.objects.filter(complaint__in=cases).order_by()
    counts = {
        "ratings": Count("pk"),
        "stars": Sum("stars", default=0),
        "not_remedied": Count("pk", filter=Q(is_remedied="no")),
    }
    _add(given.values(office=F("agency")).annotate(**counts), total, rows)


def _sample(cases: QuerySet[Complaint], total: Indicators, rows: dict[int | None, Indicators]) -> None:
    """Closed cases drawn for a second look, by the office that had them last."""
    drawn = SampledCase.objects.filter(COUNTED, complaint__in=cases).order_by()
    counts = {
        "sampled": Count("pk"),
        "looked_at": Count("pk", filter=~Q(finding="")),
        "in_order": Count("pk", filter=Q(finding=Finding.IN_ORDER)),
    }
    _add(drawn.values(office=last_office("complaint")).annotate(**counts), total, rows)


def _add(found: Iterable[Any], total: Indicators | None, rows: dict[int | None, Indicators]) -> None:
    for counts in found:
        office, is_part = counts.pop("office", None), counts.pop("share", "") == Share.PART
        targets = [rows.setdefault(office, Indicators()), *([total] if total and not is_part else [])]
        for row in targets:
            for name, count in counts.items():
                setattr(row, name, getattr(row, name) + count)


def _named(rows: dict[int | None, Indicators]) -> list[Indicators]:
    """Offices in the order of their names; what no office has had is the desk's own and is in the total only."""
    agencies = Agency.objects.in_bulk([pk for pk in rows if pk])
    for pk, agency in agencies.items():
        rows[pk].agency = agency
    return sorted((rows[pk] for pk in agencies), key=lambda row: row.agency.name if row.agency else "")

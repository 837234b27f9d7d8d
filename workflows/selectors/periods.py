"""Which period a page of figures shows, and which others it offers."""

from dataclasses import dataclass

from django.utils import timezone

from core.models import Region
from core.period_words import period_words
from core.periods import Period, PeriodKind, period_from_key, period_of, periods_between
from workflows.models import Complaint

QUARTERS_OFFERED = 8
YEARS_OFFERED = 4


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    words: str
    is_shown: bool


def asked_period(region: Region, key: str) -> Period:
    """The period an address names; the running year for none, a broken one or one that is yet to come."""
    today = timezone.now().astimezone(region.zone).date()
    try:
        period = period_from_key(key)
    except ValueError:
        return period_of(today, PeriodKind.YEAR)
    return period if period.start <= today else period_of(today, PeriodKind.YEAR)


def period_choices(region: Region, shown: Period) -> list[Choice]:
    """The last years and quarters with cases, newest first (one query)."""
    today = timezone.now().astimezone(region.zone).date()
    oldest = (
        Complaint.objects.filter(region=region).order_by("received_at").values_list("received_at", flat=True).first()
    )
    first = oldest.astimezone(region.zone).date() if oldest else today
    years = list(periods_between(first, today, PeriodKind.YEAR))[-YEARS_OFFERED:]
    quarters = list(periods_between(first, today, PeriodKind.QUARTER))[-QUARTERS_OFFERED:]
    offered = [*reversed(years), *reversed(quarters)]
    if shown not in offered:
        offered.insert(0, shown)
    return [Choice(period.key, period_words(period), period == shown) for period in offered]

"""Results of the last full year and quarter, published as an agency would, and targets for the running quarter."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.models import Agency, Region, User
from core.periods import Period, PeriodKind, period_of
from home.demo.people import DEMO_ACCOUNTS
from surveys.models import PublishedIndex, SurveyTarget
from surveys.selectors.results import ResultSubject
from surveys.services.results import ResultRefused, publish_result

# Users served in a quarter, so that some samples are reached and some are behind.
POPULATIONS = (400, 900, 2500, 12000)


def load_results(region: Region, *, now: datetime) -> None:
    """Publish what has enough answers; safe to repeat."""
    today = now.astimezone(region.zone).date()
    quarter, year = (period_of(today, kind) for kind in (PeriodKind.QUARTER, PeriodKind.YEAR))
    actor = User.objects.get(username=DEMO_ACCOUNTS[0].username)
    agencies = list(region.agencies.filter(surveys__isnull=False).distinct().order_by("pk"))
    ended = (_before(year), _before(quarter))
    subjects = [ResultSubject.of(region), *(ResultSubject.of(agency) for agency in agencies)]
    for period in dict.fromkeys(ended):
        for subject in subjects:
            _publish(subject, period, actor, now)
    _targets(agencies, quarter)


def _before(period: Period) -> Period:
    return period_of(period.start - timedelta(days=1), period.kind)


def _publish(subject: ResultSubject, period: Period, actor: User, now: datetime) -> None:
    if PublishedIndex.objects.filter(subject=subject.key, period=period.key).exists():
        return
    try:
        publish_result(subject=subject, period=period, actor=actor, now=now)
    except ResultRefused:
        # Too few answers in that period: then nothing is published, here as anywhere.
        return


def _targets(agencies: list[Agency], quarter: Period) -> None:
    for agency, population in zip(agencies, POPULATIONS, strict=False):
        SurveyTarget.objects.get_or_create(
            agency=agency, service=None, period=quarter.key, defaults={"population": population}
        )

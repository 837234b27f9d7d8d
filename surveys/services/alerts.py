"""Messages about the index, each at most once per subject, period and person; safe to run at any time.

Messages hold names, numbers and dates, never anything a citizen wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from itertools import chain
from typing import Any

from django.utils.formats import date_format, number_format

from core import notifications
from core.models import Agency, Region, User
from core.periods import Period, PeriodKind, period_of
from surveys.index import half_up
from surveys.reminders import is_reminder_day
from surveys.selectors.alerts import drops_in, people_of, people_over, working_regions
from surveys.selectors.targets import agencies_without_answers, targets_at_risk


def send_alerts(now: datetime) -> int:
    """Everything that is due today in every region; how many messages were queued or had been already."""
    return sum(_of_region(region, now.astimezone(region.zone).date()) for region in working_regions())


def _of_region(region: Region, on: date) -> int:
    return tell_drops(region, on) + tell_risks(region, on) + remind_silent(region, on)


def tell_drops(region: Region, on: date) -> int:
    """The running quarter fell against the one before, by more than chance: to the agency and to the region."""
    period, sent = period_of(on, PeriodKind.QUARTER), 0
    for drop in drops_in(region, period):
        points = number_format(abs(half_up(drop.step.difference or Fraction(0), 2)))
        people = chain(people_of(drop.agency), people_over(region))
        sent += _tell(people, "index_dropped", drop.agency, period, points=points)
    return sent


def tell_risks(region: Region, on: date) -> int:
    """A sample that will be missed at the present pace: to the agency, while there is time."""
    sent = 0
    for row in targets_at_risk(region, on):
        target, progress = row.target, row.progress
        sent += _tell(
            people_of(target.agency),
            "sample_at_risk",
            target.agency,
            target.reporting_period,
            subject=f"target-{target.pk}",
            unit=str(target.service or target.agency),
            needed=progress.needed,
            reached=progress.reached,
        )
    return sent


def remind_silent(region: Region, on: date) -> int:
    """Nobody was asked in this quarter and it ends within thirty days."""
    period = period_of(on, PeriodKind.QUARTER)
    if not is_reminder_day(period, on):
        return 0
    agencies = agencies_without_answers(region, period, on)
    return sum(_tell(people_of(agency), "survey_reminder", agency, period) for agency in agencies)


def _tell(
    people: Iterable[User], template: str, agency: Agency, period: Period, *, subject: str = "", **context: Any
) -> int:
    """Queue one message per person; the outbox keeps a key, so that another run sends nothing twice."""
    last_day = date.fromordinal(period.end.toordinal() - 1)
    shared = {
        "agency": agency.name,
        "agency_id": agency.pk,
        "period": period.key,
        "last_day": date_format(last_day, "j F Y"),
        **context,
    }
    found = {person.pk: person for person in people}
    for person in found.values():
        key = f"{template}:{subject or f'agency-{agency.pk}'}:{period.key}:{person.pk}"
        notifications.enqueue(template, to=person.email, dedupe_key=key, context=shared)
    return len(found)

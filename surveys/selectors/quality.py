"""Signs of how an index came about. They are shown beside it; nothing is dropped because of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Unpack

from django.db.models import Count, QuerySet, Sum

from surveys.models import OPERATOR_CHANNELS, Level, Response
from surveys.models.tallies import QUALITY_NUMBERS
from surveys.selectors.cells import tally_by
from surveys.selectors.index import Subject, SubjectParts
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue


@dataclass(frozen=True)
class QualityFlags:
    """Whole numbers over ``collected`` answers; shares are exact fractions, None without answers."""

    collected: int
    complete: int
    # One and the same score everywhere; the second leaves cost out, which is 4 by fact where a service is free.
    straight_lines: int
    straight_lines_without_cost: int
    # Forms equal to another one of the same day and service in every answer; many are innocent.
    repeats: int
    busiest_on: date | None
    busiest_n: int
    days: int
    by_channel: dict[str, int]

    def share(self, count: int) -> Fraction | None:
        return Fraction(count, self.collected) if self.collected else None

    @property
    def operator(self) -> int:
        """Answers an officer or a file brought in."""
        return sum(n for channel, n in self.by_channel.items() if channel in OPERATOR_CHANNELS)


@dataclass(frozen=True)
class QualitySigns:
    """The signs a page shows beside a figure: whole numbers over ``collected`` answers."""

    collected: int
    complete: int
    # By name, as in models/tallies.py: straight, hasty, burst, staff, trap, duplicate, late, flagged, timed, under_30 …
    signs: Mapping[str, int]
    by_channel: Mapping[str, int]
    verified: int

    def share(self, count: int) -> Fraction | None:
        return Fraction(count, self.collected) if self.collected else None

    @property
    def operator(self) -> int:
        """Answers an officer or a file brought in."""
        return sum(n for channel, n in self.by_channel.items() if channel in OPERATOR_CHANNELS)


def quality_for(
    *, start: date | None = None, end: date | None = None, instrument: str = INSTRUMENT, **parts: Unpack[SubjectParts]
) -> QualitySigns:
    """Signs of quality of a subject and period from the tallies; two queries."""
    return _signs_of(Subject(**parts), catalogue(instrument), start, end)


def _signs_of(subject: Subject, known: Catalogue, start: date | None, end: date | None) -> QualitySigns:
    question = subject.question(known, start=start, end=end, dimension="way", signs=True)
    whole, channels, verified = Tally(), Counter[str](), 0
    for way, tally in tally_by(question, lambda key: key[1]).items():
        channel, visit, _quality = way.split(".")
        whole.add(tally)
        channels[channel] += tally.collected
        verified += tally.collected if visit == "verified" else 0
    signs = dict.fromkeys(QUALITY_NUMBERS, 0) | whole.signs
    return QualitySigns(whole.collected, whole.complete, signs, dict(sorted(channels.items())), verified)


def days_for(
    *, start: date | None = None, end: date | None = None, instrument: str = INSTRUMENT, **parts: Unpack[SubjectParts]
) -> dict[date, int]:
    """Answers collected by day, of an agency or a region (single days are kept for no smaller unit); two queries."""
    return _by_day(Subject(**parts), catalogue(instrument), start, end)


def _by_day(subject: Subject, known: Catalogue, start: date | None, end: date | None) -> dict[date, int]:
    question = subject.question(known, start=start, end=end, by_day=True)
    return {day: tally.collected for day, tally in sorted(tally_by(question, lambda key: key[2]).items())}


def quality_of(
    *, subject: Subject, known: Catalogue, start: date | None = None, end: date | None = None
) -> QualityFlags:
    """Flags for the command line, never for a page; three queries.

    From the tallies, except repeats, and days below an agency, which are counted answer by answer.
    """
    found = _signs_of(subject, known, start, end)
    rows = subject.responses().between(start, end).filter(instrument_version_id__in=list(known.versions)).order_by()
    days = _by_day(subject, known, start, end) if subject.level() is not Level.LEAF else _counted_by_day(rows)
    busiest = max(days, key=lambda day: (days[day], -day.toordinal()), default=None)
    return QualityFlags(
        collected=found.collected,
        complete=found.complete,
        straight_lines=found.signs["straight"],
        straight_lines_without_cost=found.signs["straight_without_cost"],
        repeats=_repeats(rows),
        busiest_on=busiest,
        busiest_n=days[busiest] if busiest else 0,
        days=len(days),
        by_channel=dict(found.by_channel),
    )


def _counted_by_day(rows: QuerySet[Response]) -> dict[date, int]:
    return dict(rows.values_list("period_on").annotate(answers=Count("pk")))


def _repeats(rows: QuerySet[Response]) -> int:
    """Answers beyond the first of each group of equal ones."""
    groups = rows.values("survey_id", "service_id", "period_on", "payload_hash").annotate(answers=Count("pk"))
    found = groups.aggregate(whole=Sum("answers"), different=Count("*"))
    return (found["whole"] or 0) - found["different"]

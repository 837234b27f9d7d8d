"""Signs of how an index came about. They are shown beside it; nothing is dropped because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from surveys.models import OPERATOR_CHANNELS, Element, Response
from surveys.selectors.tallies import Catalogue

COST = "biaya"


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


def quality_of(rows: QuerySet[Response], known: Catalogue) -> QualityFlags:
    """Flags of these answers; three aggregate queries."""
    rows = rows.filter(instrument_version_id__in=list(known.versions)).order_by()
    channels = _by_channel(rows, known)
    repeats = _repeats(rows)
    days = list(rows.values("period_on").annotate(answers=Count("pk")).order_by("-answers", "period_on"))
    return QualityFlags(
        collected=sum(row["answers"] for row in channels),
        complete=sum(row["complete"] for row in channels),
        straight_lines=sum(row["straight"] for row in channels),
        straight_lines_without_cost=sum(row["straight_without_cost"] for row in channels),
        repeats=repeats,
        busiest_on=days[0]["period_on"] if days else None,
        busiest_n=days[0]["answers"] if days else 0,
        days=len(days),
        by_channel={row["channel"]: row["answers"] for row in channels},
    )


def _by_channel(rows: QuerySet[Response], known: Catalogue) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in rows.values("channel").annotate(
            answers=Count("pk"),
            complete=Count("pk", filter=Q(is_complete=True)),
            straight=Count("pk", filter=_straight(known, without=())),
            straight_without_cost=Count("pk", filter=_straight(known, without=(COST,))),
        )
    ]


def _straight(known: Catalogue, without: Sequence[str]) -> Q:
    """Every score of the version's elements equals its first one."""
    condition = Q(pk__in=[])
    for version, elements in known.elements.items():
        condition |= Q(instrument_version_id=version) & _equal(elements, without)
    return condition


def _equal(elements: Sequence[Element], without: Sequence[str]) -> Q:
    first, *others = [element.slot for element in elements if element.code not in without]
    condition = Q(**{f"score_{first}__isnull": False})
    for slot in others:
        condition &= Q(**{f"score_{slot}": F(f"score_{first}")})
    return condition


def _repeats(rows: QuerySet[Response]) -> int:
    """Answers beyond the first of each group of equal ones."""
    groups = rows.values("survey_id", "service_id", "period_on", "payload_hash").annotate(answers=Count("pk"))
    found = groups.aggregate(whole=Sum("answers"), different=Count("*"))
    return (found["whole"] or 0) - found["different"]

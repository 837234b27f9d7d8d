"""Who is missing in a period: agencies without a sample target, and agencies nobody has answered about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.models import Agency, Region, User
from core.periods import Period
from core.permissions import ALL_ROLES, scope_of
from surveys.models import SurveyTarget
from surveys.permissions import TARGET_ACTIONS
from surveys.selectors.targets import agencies_without_answers, agencies_without_target
from surveys.selectors.trends import period_before


@dataclass(frozen=True)
class Missing:
    """An agency without a target; ``before`` is the number of users entered for the period before, if any."""

    agency: Agency
    may_set: bool
    before: int | None


@dataclass(frozen=True)
class Missed:
    """What a person sees of one period over all of the own agencies."""

    without_target: Sequence[Missing]
    without_answers: Sequence[Agency]


def missing_for(user: User, period: Period, on: date) -> Missed:
    """Of the agencies the person sees; eight queries for each region among them."""
    scope = scope_of(user)
    seen = set(Agency.objects.filter(scope.agency_q(ALL_ROLES)).values_list("pk", flat=True))
    may_set = set(Agency.objects.filter(scope.agency_q(TARGET_ACTIONS["add"])).values_list("pk", flat=True))
    regions = list(Region.objects.filter(agencies__in=seen).distinct())
    targets: list[Agency] = [row for region in regions for row in agencies_without_target(region, period, on)]
    answers = [row for region in regions for row in agencies_without_answers(region, period, on)]
    rows = SurveyTarget.objects.filter(service=None, period=period_before(period).key, agency__in=seen)
    before = dict(rows.values_list("agency", "population"))
    return Missed(
        [Missing(row, row.pk in may_set, before.get(row.pk)) for row in targets if row.pk in seen],
        [row for row in answers if row.pk in seen],
    )

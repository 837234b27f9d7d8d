"""Visit slips: printed or handed to a receipt printer, spent with one answer, and never written down in clear.

What a slip proves is that somebody was there; not who, and not which answer is theirs. Nothing stored about a slip can
be joined with an answer: no person, no moment, no order, and the answer only says "verified".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from core.models import User
from surveys.models import Response, ServicePoint, VisitIssue, VisitToken
from surveys.services.responses import submit_response
from surveys.visitcodes import digest_of, make_visit_code, number_of

# A sheet that lies at the counter for a month is still good.
LIFETIME_DAYS = 30
MAXIMUM_DAYS = 366
MAXIMUM_SLIPS = 1000
# What is left of expired slips is the count of those that were used; after this it goes too.
KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip in clear. It exists in memory and on paper only."""

    code: str
    expires_on: date


@transaction.atomic
def issue_visits(
    *, point: ServicePoint, count: int, now: datetime, actor: User | None = None, days: int = LIFETIME_DAYS
) -> list[Slip]:
    """New slips for a point, good until the end of the day ``days`` from today; one to 1,000 at a time.

    The codes are returned once and cannot be read again. Three statements whatever the count. Raises ValueError on a
    count or lifetime outside the range.
    """
    if not 1 <= count <= MAXIMUM_SLIPS or not 1 <= days <= MAXIMUM_DAYS:
        raise ValueError("Between 1 and 1,000 slips, for 1 to 366 days.")
    today = now.astimezone(point.agency.region.zone).date()
    expires_on = today + timedelta(days=days)
    slips = [Slip(make_visit_code(settings.SECRET_KEY), expires_on) for _ in range(count)]
    tokens = [_token(point, slip) for slip in slips]
    # In the order of their digests, which is none: the table keeps no trace of which was printed first.
    VisitToken.objects.bulk_create(sorted(tokens, key=lambda token: token.pk))
    VisitIssue.objects.create(point=point, count=count, issued_on=today, expires_on=expires_on, issued_by=actor)
    VisitToken.objects.filter(point=point, expires_on__lt=today - KEPT).delete()
    return slips


def _token(point: ServicePoint, slip: Slip) -> VisitToken:
    digest = digest_of(slip.code)
    return VisitToken(pk=number_of(digest), digest=digest, point=point, expires_on=slip.expires_on)


def spend_visit(*, digest: str, point: ServicePoint | None, day: date) -> bool:
    """Whether this answer is the one the slip is good for; one conditional update.

    Call it in the transaction that stores the answer: of two at once exactly one gets True, and an answer that cannot
    be stored gives the slip back. False (spent, expired, another point's) is no error: the answer then counts as open.
    """
    if point is None or not digest:
        return False
    unspent = VisitToken.objects.filter(pk=number_of(digest), digest=digest, is_spent=False)
    return unspent.filter(point_id=point.pk, expires_on__gte=day).update(is_spent=True) == 1


@transaction.atomic
def submit_visited(*, visit: str, point: ServicePoint, now: datetime, **given: Any) -> Response:
    """``submit_response`` for a form opened with a slip: verified when the slip is still good, else an open answer.

    An answer is never lost because of its slip. The same form sent again returns the first answer as it was stored.
    """
    day = now.astimezone(point.survey.agency.region.zone).date()
    is_verified = spend_visit(digest=visit, point=point, day=day)
    return submit_response(point=point, now=now, is_verified=is_verified, **given)

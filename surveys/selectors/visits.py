"""Reads about visit slips and opened forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db.models import Count, Q, Sum

from surveys.limits import LIMITS, Kind, counter_name
from surveys.models import PostCount, ScanCount, ServicePoint, VisitToken
from surveys.selectors.forms import signing_keys
from surveys.visitcodes import digest_of, is_signed, normalise, number_of

SCAN_DAYS = 30
# What showing the point's form needs.
_SURVEY = ("current_version", "agency__region", "service", "page")


def visit_for(text: str) -> VisitToken | None:
    """The slip behind a typed or scanned code, spent or not, with its point in use; a forged code costs no query."""
    code = normalise(text)
    if not is_signed(code, signing_keys()):
        return None
    digest = digest_of(code)
    joined = [f"point__survey__{name}" for name in _SURVEY]
    tokens = VisitToken.objects.filter(pk=number_of(digest), point__is_active=True)
    token = tokens.select_related("point__survey", "point__service", *joined).first()
    return token if token is not None and compare_digest(token.digest, digest) else None


def slips_of(point: ServicePoint, today: date) -> dict[str, int]:
    """How many slips of a point were used, can still be used, and were never used; one query."""
    spent, alive = Q(is_spent=True), Q(is_spent=False, expires_on__gte=today)
    return point.visit_tokens.aggregate(
        used=Count("pk", filter=spent),
        waiting=Count("pk", filter=alive),
        lapsed=Count("pk", filter=Q(is_spent=False, expires_on__lt=today)),
    )


def opened_since(point: ServicePoint, today: date, *, days: int = SCAN_DAYS) -> int:
    """How often the form was opened at a point in the last ``days`` days, today included; one query."""
    rows = ScanCount.objects.filter(point=point, day__gt=today - timedelta(days=days), day__lte=today)
    return rows.aggregate(n=Sum("opened"))["n"] or 0


def guesses_used_up(*, survey_id: int, network: str, now: datetime) -> bool:
    """Whether a network has typed more wrong slips in this window than people do; one query."""
    secret = settings.SECRET_KEY
    name = counter_name(Kind.VISIT, survey_id=survey_id, value=network, now=now, secret=secret)
    return PostCount.objects.filter(name=name, n__gte=LIMITS[Kind.VISIT].usual * settings.SURVEY_TRAFFIC).exists()

"""Reads about visit slips and opened forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db.models import Count, Q, Sum

from surveys.limits import LIMITS, Kind, counter_name
from surveys.models import Channel, PostCount, ScanCount, ServicePoint, VisitToken
from surveys.selectors.cells import tally_by
from surveys.selectors.forms import signing_keys
from surveys.selectors.groups import Group, groups_for
from surveys.selectors.index import Subject
from surveys.selectors.tallies import catalogue
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


def collected_at(point: ServicePoint, *, start: date | None = None, end: date | None = None) -> dict[str, int]:
    """Answers of a point by channel, complete or not, whatever the instrument; two queries, none over the answers."""
    known = catalogue(None)
    question = Subject(point=point).question(known, start=start, end=end, dimension="channel")
    return {channel: tally.collected for channel, tally in tally_by(question, lambda key: key[1]).items()}


@dataclass(frozen=True)
class Collecting:
    """What happens at a point: opened and answered in the last days, slips, and the year's figures by visit."""

    answers: int
    opened: int
    answered: int
    slips: dict[str, int]
    visits: list[Group]
    days: int = SCAN_DAYS

    @property
    def rate(self) -> int | None:
        """Answers per hundred opened forms; None before the first, and where counts are still on their way."""
        return round(100 * self.answered / self.opened) if 0 < self.answered <= self.opened else None


def collecting_at(point: ServicePoint, today: date) -> Collecting:
    """For the screen of a point; nine queries, flat in the number of answers."""
    first, end = today - timedelta(days=SCAN_DAYS - 1), today + timedelta(days=1)
    year = today.replace(month=1, day=1)
    return Collecting(
        answers=sum(collected_at(point).values()),
        opened=opened_since(point, today),
        answered=collected_at(point, start=first, end=end).get(Channel.QR, 0),
        slips=slips_of(point, today),
        visits=groups_for(subject=Subject(point=point), start=year, end=end, by="visit"),
    )


def guesses_used_up(*, survey_id: int, network: str, now: datetime) -> bool:
    """Whether a network has typed more wrong slips in this window than people do; one query."""
    secret = settings.SECRET_KEY
    name = counter_name(Kind.VISIT, survey_id=survey_id, value=network, now=now, secret=secret)
    return PostCount.objects.filter(name=name, n__gte=LIMITS[Kind.VISIT].usual * settings.SURVEY_TRAFFIC).exists()

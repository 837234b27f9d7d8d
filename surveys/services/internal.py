"""Surveys among civil servants: only who is signed in, once per quarter, and nobody's answer.

Two things are stored and nothing connects them: an answer without a person, and a number that says "this person took
part in this period" to those who already know the person. To keep them apart the answer bears only its day (no time,
no duration, no device), and the participation bears neither time nor order (surveys.models.participation).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from core.models import Service, User
from core.periods import PeriodKind, period_of
from core.sealing import keyed_hashes
from surveys.answers import Fields
from surveys.errors import AlreadyAnswered, WrongPlace
from surveys.models import Channel, Participation, QuestionnaireVersion, Response, Survey
from surveys.services.responses import submit_response

PERIOD = PeriodKind.QUARTER
_PURPOSE = "surveys.participation"


def has_taken_part(*, survey: Survey, user: User, on: date) -> bool:
    """Whether the person answered in the period of ``on``; one query."""
    return Participation.objects.filter(pk__in=_numbers(survey, user, on)).exists()


def taken_part(asked: Iterable[tuple[Survey, date]], *, user: User) -> set[int]:
    """Ids of those surveys the person answered in the period of the day beside each; one query."""
    numbers = {number: survey.pk for survey, day in asked for number in _numbers(survey, user, day)}
    found = Participation.objects.filter(pk__in=numbers).values_list("pk", flat=True) if numbers else ()
    return {numbers[number] for number in found}


@transaction.atomic
def submit_internal(
    *,
    user: User,
    version: QuestionnaireVersion,
    answers: Fields,
    key: UUID,
    language: str,
    now: datetime,
    service: Service | None = None,
    **unused: Any,
) -> Response:
    """Store an answer nobody can trace, and that the person took part, together or not at all.

    What a form brings along otherwise (how long it took, where it was opened) is left out on purpose. The same form
    sent again returns the first answer. Raises AlreadyAnswered in a period the person has answered in, WrongPlace for
    a survey that is not internal, and what ``submit_response`` raises.
    """
    survey = version.survey
    if survey.audience != Service.Audience.INTERNAL:
        raise WrongPlace("This survey is not an internal one.")
    day = now.astimezone(survey.agency.region.zone).date()
    replayed = Response.objects.filter(key=key, survey=survey).first()
    if replayed is not None:
        return replayed
    _take_part(survey, user, day)
    midnight = datetime.combine(day, time.min, survey.agency.region.zone)
    return submit_response(
        version=version,
        point=None,
        answers=answers,
        key=key,
        channel=Channel.INTERNAL,
        language=language,
        now=midnight,
        service=service,
    )


def _take_part(survey: Survey, user: User, day: date) -> None:
    numbers = _numbers(survey, user, day)
    if Participation.objects.filter(pk__in=numbers[1:]).exists():
        raise AlreadyAnswered(survey.slug)
    # The database decides between two at once: the number is the primary key.
    row = {"survey": survey, "period_on": period_of(day, PERIOD).start}
    _found, is_new = Participation.objects.get_or_create(pk=numbers[0], defaults=row)
    if not is_new:
        raise AlreadyAnswered(survey.slug)


def _numbers(survey: Survey, user: User, on: date) -> list[int]:
    """The person's number in this survey and period, under every key of the installation, newest first."""
    text = f"{survey.pk}:{period_of(on, PERIOD).start}:{user.pk}"
    return [int(digest[:16], 16) >> 2 for digest in keyed_hashes(_PURPOSE, text)]

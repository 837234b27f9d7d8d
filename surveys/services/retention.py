"""Forgetting what people wrote when the time a survey promised is over; figures stay what they were.

And what a device sent that nobody could store: it holds whole answers, so it goes after the days a region has set.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.log_actions import log

from core.models import Region
from surveys.models import Device, DeviceRefusal, Response, Survey, SurveySettings
from surveys.models.settings import REFUSALS_KEPT_DAYS
from surveys.services.erasure import blank_texts, personal_questions
from surveys.services.photos import discard_photos_of

# One transaction each, so that answers arriving meanwhile never wait long.
BATCH = 200
ACTION = "surveys.forget_texts"
REFUSALS_ACTION = "surveys.forget_refusals"


def forget_old_texts(now: datetime) -> int:
    """Delete comments, reasons, written answers and photos older than their survey keeps them; how many answers."""
    surveys = Survey.objects.filter(texts_kept_months__isnull=False).select_related("agency__region")
    return sum(_forget(survey, now) for survey in surveys)


def _forget(survey: Survey, now: datetime) -> int:
    today = now.astimezone(survey.agency.region.zone).date()
    old = _with_texts(survey, months_before(today, survey.texts_kept_months or 0))
    forgotten = 0
    while done := _forget_batch(old):
        forgotten += done
    if forgotten:
        log(survey, ACTION, data={"answers": forgotten}, timestamp=now)
    return forgotten


def _with_texts(survey: Survey, before: date) -> QuerySet[Response]:
    identifiers = sorted({name for row in survey.versions.all() for name in personal_questions(row.definition)})
    written = ~Q(comment="") | ~Q(reasons={})
    if identifiers:
        written |= Q(answers__has_any_keys=identifiers)
    return Response.objects.filter(written, survey=survey, period_on__lt=before).order_by("pk")


@transaction.atomic
def _forget_batch(old: QuerySet[Response]) -> int:
    rows = list(old.select_related("version").select_for_update(of=("self",))[:BATCH])
    for row in rows:
        blank_texts(row)
        row.conflicts.all().delete()
        transaction.on_commit(partial(discard_photos_of, row.key))
    return len(rows)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def forget_old_refusals(now: datetime) -> int:
    """Delete what devices sent and nobody settled within the days its region has set; how many.

    The row with device, day and reason stays, so that a loss can be seen; what was sent is gone.
    """
    kept = dict(SurveySettings.objects.values_list("site__region", "refusals_kept_days"))
    waiting = DeviceRefusal.objects.filter(stored_at=None, forgotten_at=None)
    forgotten = 0
    for region in Region.objects.all():
        before = now - timedelta(days=kept.get(region.pk, REFUSALS_KEPT_DAYS))
        old = waiting.filter(device__service_point__agency__region=region, received_at__lt=before)
        for device in Device.objects.filter(refusals__in=old).distinct():
            forgotten += _forget_of(device, before, now)
    return forgotten


@transaction.atomic
def _forget_of(device: Device, before: datetime, now: datetime) -> int:
    old = device.refusals.filter(stored_at=None, forgotten_at=None, received_at__lt=before)
    count = old.update(payload="", faults={}, forgotten_at=now)
    if count:
        log(device, REFUSALS_ACTION, data={"answers": count}, timestamp=now)
    return count

"""Service points and their codes: made, rotated, retired. A code is never given out twice."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from core.models import Service, User
from surveys.codes import make_code
from surveys.errors import WrongPlace
from surveys.models import ServicePoint, ServicePointCode, Survey


def create_point(
    *,
    survey: Survey,
    name: str,
    kind: str = ServicePoint.Kind.COUNTER,
    service: Service | None = None,
) -> ServicePoint:
    """A new point of the survey's agency with a fresh signed code."""
    if service is not None and service.agency_id != survey.agency_id:
        raise WrongPlace("The service belongs to another agency than the survey.")
    return ServicePoint.objects.create(
        agency_id=survey.agency_id,
        service=service or survey.service,
        survey=survey,
        name=name,
        kind=kind,
        code=make_code(settings.SECRET_KEY),
    )


@transaction.atomic
def rotate_code(*, point: ServicePoint, reason: str, now: datetime, actor: User | None = None) -> ServicePoint:
    """Give the point a new code; posters with the old one open the neutral page from now on."""
    locked = ServicePoint.objects.select_for_update().get(pk=point.pk)
    ServicePointCode.objects.create(point=locked, code=locked.code, revoked_at=now, revoked_by=actor, reason=reason)
    locked.code = make_code(settings.SECRET_KEY)
    locked.save(update_fields=["code"])
    return locked


@transaction.atomic
def retire_point(*, point: ServicePoint, reason: str, now: datetime, actor: User | None = None) -> ServicePoint:
    """Take the point out of use; its answers stay, its poster opens the neutral page."""
    retired = rotate_code(point=point, reason=reason, now=now, actor=actor)
    retired.is_active = False
    retired.save(update_fields=["is_active"])
    return retired

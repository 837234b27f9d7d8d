"""Who sends, and what the screens of devices show."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from core.models import Service, User
from core.permissions import Role, scope_of
from core.sealing import is_secret
from surveys.device_tokens import TOKEN_PURPOSE, split_token
from surveys.models import Device, DeviceRefusal, QuestionnaireVersion, ServicePoint
from surveys.permissions import DEVICE_ACTIONS
from surveys.tokens import BadToken

SCHEME = "Bearer "
REFUSALS_SHOWN = 50


def device_behind(header: str, *, with_questionnaire: bool = False) -> Device | None:
    """The enrolled device that sent this ``Authorization`` header; None for everybody else. One query."""
    if not header.startswith(SCHEME):
        return None
    try:
        number, secret = split_token(header.removeprefix(SCHEME).strip())
    except BadToken:
        return None
    devices = Device.objects.enrolled().select_related("service_point__agency__region")
    device = (devices.for_sending() if with_questionnaire else devices).filter(pk=number).first()
    if device is None or not is_secret(TOKEN_PURPOSE, secret, device.token_hash):
        return None
    return device


def versions_by_id(numbers: Collection[int]) -> dict[int, QuestionnaireVersion]:
    """Questionnaires as shown, with everything storing needs but their kept HTML."""
    joined = ("survey__agency__region", "survey__service", "survey__page")
    return QuestionnaireVersion.objects.select_related(*joined).defer("rendered").in_bulk(list(numbers))


def points_by_id(numbers: Collection[int], agency_id: int) -> dict[int, ServicePoint]:
    """Points of one agency; a device that was moved still brings what was given at its old place."""
    return ServicePoint.objects.filter(agency_id=agency_id).in_bulk(list(numbers))


def services_by_id(numbers: Collection[int]) -> dict[int, Service]:
    return Service.objects.in_bulk(list(numbers)) if numbers else {}


def points_for_devices(user: User) -> list[ServicePoint]:
    """Points in use where the person may set up a device."""
    scope = scope_of(user).agency_q(DEVICE_ACTIONS["add"], prefix="agency__")
    return list(ServicePoint.objects.active().filter(scope).select_related("agency"))


def open_refusals(device: Device) -> list[DeviceRefusal]:
    """Answers of the device that wait for somebody, newest first."""
    return list(device.refusals.filter(stored_at=None, forgotten_at=None)[:REFUSALS_SHOWN])


def forgotten_refusals(device: Device) -> int:
    """Answers of the device that were lost because nobody settled them in time."""
    return device.refusals.exclude(forgotten_at=None).count()


def silent_devices(now: datetime) -> list[Device]:
    """Devices that have been silent in their hours for longer than agreed, and nobody was told yet. One query."""
    quiet = Device.objects.enrolled().filter(silence_told_at=None, last_seen_at__lt=now - timedelta(minutes=5))
    rows = quiet.filter(service_point__is_active=True).select_related("service_point__agency__region")
    return [device for device in rows if _is_too_quiet(device, now)]


def _is_too_quiet(device: Device, now: datetime) -> bool:
    silence = device.silent_for(now)
    return silence is not None and silence >= timedelta(minutes=device.silent_minutes)


def keepers_of(device: Device) -> list[User]:
    """Who is told of a silence: editors and liaison officers of the agency, or the region's administrators."""
    agency = device.service_point.agency
    people = User.objects.filter(is_active=True).exclude(email="")
    at_agency = {"role_assignments__role__in": (Role.EDITOR, Role.LIAISON), "role_assignments__agency": agency}
    found = list(people.filter(**at_agency).distinct())
    if found:
        return found
    over_region = {"role_assignments__role": Role.REGIONAL_ADMIN, "role_assignments__region": agency.region_id}
    return list(people.filter(**over_region).distinct())

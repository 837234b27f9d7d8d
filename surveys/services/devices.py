"""Kiosks and tablets: set up with a one-time code, heard every minute, missed when silent, revoked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from core import notifications
from core.models import User
from core.sealing import keyed_hash
from surveys.codes import is_signed, make_code, normalise
from surveys.device_tokens import CODE_LIFETIME, CODE_PURPOSE, TOKEN_PURPOSE, device_token, new_secret
from surveys.models import Device
from surveys.selectors.devices import keepers_of, silent_devices

# Not the key of the points' codes: a code from a poster must never look like one for a device.
_CODE_KEY = "device-code:"


class CodeRefused(ValueError):
    """No such code, used already, or too old."""


@dataclass(frozen=True)
class Report:
    """What a device tells with every heartbeat."""

    app_version: str = ""
    unsent: int = 0
    battery: int | None = None


def kiosk_address() -> str:
    """Where a device opens its page, always the Indonesian one: languages are chosen on the screen."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.BASE_URL.rstrip("/") + reverse("surveys:kiosk")


def new_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"


@transaction.atomic
def issue_code(*, device: Device, now: datetime) -> str:
    """A one-time code for this device, shown once and kept as a hash; an earlier one stops working.

    The device that is set up now keeps reporting until the code has been used.
    """
    locked = Device.objects.select_for_update().get(pk=device.pk)
    code = make_code(_CODE_KEY + settings.SECRET_KEY)
    locked.code_hash, locked.code_expires_at = keyed_hash(CODE_PURPOSE, code), now + CODE_LIFETIME
    locked.pin = locked.pin or new_pin()
    locked.save(update_fields=["code_hash", "code_expires_at", "pin"])
    return code


@transaction.atomic
def enrol(*, code: str, now: datetime) -> tuple[Device, str]:
    """Use a code up: the device and the token it shows from now on. Raises CodeRefused.

    A made-up code is refused by its check characters, without a query.
    """
    text = normalise(code)
    if not is_signed(text, [_CODE_KEY + key for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]):
        raise CodeRefused("not ours")
    waiting = Device.objects.select_for_update().filter(code_hash=keyed_hash(CODE_PURPOSE, text))
    device = waiting.filter(code_expires_at__gte=now).first()
    if device is None:
        raise CodeRefused("used or expired")
    secret = new_secret()
    device.code_hash, device.code_expires_at = "", None
    device.token_hash, device.enrolled_at = keyed_hash(TOKEN_PURPOSE, secret), now
    device.revoked_at = device.revoked_by = device.silence_told_at = None
    device.last_seen_at = now
    device.save()
    return device, device_token(device.pk, secret)


@transaction.atomic
def revoke(*, device: Device, now: datetime, actor: User | None = None) -> Device:
    """Take the token and any waiting code away. What the machine still holds can be sent after a new set-up."""
    locked = Device.objects.select_for_update().get(pk=device.pk)
    locked.token_hash = locked.code_hash = ""
    locked.code_expires_at, locked.revoked_at, locked.revoked_by = None, now, actor
    locked.save(update_fields=["token_hash", "code_hash", "code_expires_at", "revoked_at", "revoked_by"])
    return locked


def hear(*, device: Device, report: Report, now: datetime) -> None:
    """Note a heartbeat; it also ends a silence. One statement."""
    Device.objects.filter(pk=device.pk).update(
        last_seen_at=now,
        app_version=report.app_version,
        unsent=report.unsent,
        battery=report.battery,
        silence_told_at=None,
    )


def tell_silences(now: datetime) -> int:
    """Write one message per silence to those who keep the device; how many devices were silent. Idempotent."""
    devices = silent_devices(now)
    for device in devices:
        _tell(device, now)
    return len(devices)


@transaction.atomic
def _tell(device: Device, now: datetime) -> None:
    if not Device.objects.filter(pk=device.pk, silence_told_at=None).update(silence_told_at=now):
        return
    heard = device.last_seen_at or device.enrolled_at or now
    point = device.service_point
    context = {
        "device": device.name,
        "point": point.name,
        "agency": point.agency.short_name or point.agency.name,
        "since": device.local(heard).strftime("%d-%m-%Y %H:%M"),
        "device_id": device.pk,
    }
    for person in keepers_of(device):
        key = f"device_silent:{device.pk}:{int(heard.timestamp())}:{person.pk}"
        notifications.enqueue("device_silent", to=person.email, dedupe_key=key, context=context)

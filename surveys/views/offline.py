"""Where devices send the answers they kept.

No cookie and no page of ours is involved, so there is nothing another site could borrow: the device names itself with
its own token in a header, and each answer with the signed form it was given on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from surveys.clocks_offline import clock_offset
from surveys.models import Device
from surveys.offline_items import MAXIMUM_ITEMS, moment
from surveys.selectors.devices import device_behind
from surveys.services.offline import receive_batch

MAXIMUM_BODY = 2 * 1024 * 1024

View = Callable[[HttpRequest], HttpResponse]
DeviceView = Callable[[Device, dict[str, Any]], HttpResponse]


class BadBody(ValueError):
    """Not the JSON object we asked for; ``status`` is the HTTP answer."""

    def __init__(self, status: int):
        super().__init__(str(status))
        self.status = status


def read_body(request: HttpRequest, limit: int) -> dict[str, Any]:
    """The posted JSON object. Raises BadBody."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise BadBody(413)
    try:
        body = json.loads(request.body)
    # Deeply nested lists end the parser's recursion, not ours.
    except (ValueError, RecursionError) as error:
        raise BadBody(400) from error
    if not isinstance(body, dict):
        raise BadBody(400)
    return body


def sent_at(body: dict[str, Any], now: datetime) -> datetime:
    """The device's clock when it sent; one that names no time is taken for right."""
    try:
        return moment(body.get("sent_at"))
    except ValueError:
        return now


def refused(status: int) -> JsonResponse:
    return JsonResponse({"error": status}, status=status)


def from_device(*, limit: int, with_questionnaire: bool = False) -> Callable[[DeviceView], View]:
    """A view of what an enrolled device posts as JSON: it gets the device and the body; nobody else reaches it."""

    def decorate(view: DeviceView) -> View:
        @csrf_exempt
        @require_POST
        @wraps(view)
        def received(request: HttpRequest) -> HttpResponse:
            device = device_behind(request.headers.get("Authorization", ""), with_questionnaire=with_questionnaire)
            if device is None:
                return refused(401)
            try:
                return view(device, read_body(request, limit))
            except BadBody as error:
                return refused(error.status)

        return received

    return decorate


@from_device(limit=MAXIMUM_BODY)
def send(device: Device, body: dict[str, Any]) -> HttpResponse:
    """Take a batch: ``{"sent_at": ms, "items": […]}``, one result per item in the same order."""
    now = timezone.now()
    items = body.get("items")
    if not isinstance(items, list) or len(items) > MAXIMUM_ITEMS:
        return refused(413 if isinstance(items, list) else 400)
    offset = clock_offset(sent_at=sent_at(body, now), received_at=now)
    outcomes = receive_batch(device=device, items=items, offset=offset, now=now)
    return JsonResponse({"now": int(now.timestamp() * 1000), "results": [asdict(outcome) for outcome in outcomes]})

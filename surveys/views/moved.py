"""A poster or link of a service that has ended: what took its place, and where that is rated."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from surveys.models import Channel
from surveys.selectors.successors import Heir, heirs_of

from .places import Place, spoken


def has_moved_on(place: Place, now: datetime) -> bool:
    """A form opened by a citizen who was not there: a visit slip, an officer and the staff know what they rate."""
    is_open_way = place.channel in (Channel.QR, Channel.LINK) and not place.visit
    return is_open_way and place.service is not None and place.service.has_ended(place.day(now))


def moved_on(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    """The poster still leads somewhere. Who opened the form before the service ended may send it."""
    service = place.service
    if service is None:
        raise ValueError("Only a service can have ended.")
    heirs = heirs_of(service, on=place.day(now), first=place.survey)
    context: dict[str, Any] = {"agency": place.survey.agency, "service": service, "heirs": list(map(_shown, heirs))}
    return render(request, "surveys/moved_on.html", context)


def _shown(heir: Heir) -> dict[str, str]:
    """Another agency is named only where it is another one's survey."""
    return {"name": heir.service.name, "agency": heir.service.agency.name, "url": _url(heir)}


def _url(heir: Heir) -> str:
    if heir.survey is None:
        return ""
    url = spoken(reverse("surveys:form", args=[heir.survey.slug]))
    if heir.survey.service_id is not None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'layanan': heir.service.code})}"

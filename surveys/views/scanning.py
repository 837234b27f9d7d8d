"""Counting opened posters: a number per point and day, nothing about who opened them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from surveys.services.scans import counter

from .places import Place


def count_opened(request: HttpRequest, place: Place, now: datetime) -> None:
    """Count a form shown at a point; not a look at its head, nor a browser that fetches ahead."""
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        counter.hit(place.point_id, place.day(now))

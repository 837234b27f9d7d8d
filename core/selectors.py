"""Reads that more than one screen needs."""

from collections.abc import Iterable

from django.db.models import QuerySet

from core.models import Notification, Service

# Why a message was ended on purpose: nobody misses it.
ENDED = ("", "stopped", "superseded", "left", "erased")


def undelivered(about: str) -> QuerySet[Notification]:
    """Messages about one thing that somebody should have by now: a door was closed to them, or they failed."""
    return Notification.objects.filter(about=about, sent_at__isnull=True).exclude(last_error__in=ENDED).order_by("pk")


def continued(services: Iterable[Service]) -> set[Service]:
    """These services and everything that came after them; a query for each step of the chain."""
    found: set[Service] = set()
    step = set(services)
    while step:
        found |= step
        step = set(Service.objects.filter(predecessors__in=step).select_related("agency")) - found
    return found

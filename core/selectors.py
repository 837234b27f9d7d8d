"""Reads that more than one screen needs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Case, QuerySet, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Substr

from core.models import Notification, Service
from core.models.outbox import ENDED


def undelivered(about: str) -> QuerySet[Notification]:
    """Messages about one thing that somebody should have by now: a door was closed to them, or they failed."""
    return Notification.objects.filter(about=about, sent_at__isnull=True).exclude(last_error__in=ENDED).order_by("pk")


def ids_with_undelivered_news(kind: str) -> QuerySet[Notification, Any]:
    """Ids of the things of one kind, as in "complaint:12", whose news did not reach somebody."""
    # In the words of the index ``notification_undelivered``: a parameter would hide from SQLite that it serves.
    purpose, ended = RawSQL("'case'", ()), [RawSQL(f"'{reason}'", ()) for reason in ENDED]  # noqa: S611  words of ours
    stuck = Notification.objects.filter(sent_at__isnull=True, purpose=purpose).exclude(last_error__in=ended)
    number = Cast(Substr("about", len(kind) + 2), BigIntegerField())
    return stuck.values_list(Case(When(about__startswith=f"{kind}:", then=number)))


def continued(services: Iterable[Service]) -> set[Service]:
    """These services and everything that came after them; a query for each step of the chain."""
    found: set[Service] = set()
    step = set(services)
    while step:
        found |= step
        step = set(Service.objects.filter(predecessors__in=step).select_related("agency")) - found
    return found

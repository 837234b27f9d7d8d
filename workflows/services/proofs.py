"""Prove that nobody rewrote the past: fix each day's root once, and check every chain against it.

A day's root is SHA-256 over the root of the day before and the hashes of the day's events in ascending order; a day is
fixed two hours after its end (UTC), when no transaction of it can still be open. Whoever keeps a published root, or a
dossier, can show that an event was there. Leaves out when this runs (``tasks``).
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Max, Min, QuerySet

from core.alarms import tell_administrators
from workflows.chain import Link, first_break, message_digest, strayed
from workflows.models import ChainCheck, ChainRoot, Complaint, ComplaintEvent, Message

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)
SETTLED = timedelta(hours=2)
CHUNK = 500


def fix_roots(now: datetime) -> int:
    """Fix the root of every day that has ended and has none; how many. A fixed root is never changed."""
    last = ChainRoot.objects.first()
    day, before = (last.day + DAY, last.root) if last else (_first_day(), "")
    fixed = 0
    while day and _start(day + DAY) + SETTLED <= now:
        events = _events_of(day)
        hashes, newest = list(events.values_list("hash", flat=True)), events.aggregate(Max("pk"))["pk__max"] or 0
        before = root_of(before, hashes)
        ChainRoot.objects.create(day=day, events=len(hashes), root=before, last_event=newest, at=now)
        day, fixed = day + DAY, fixed + 1
    return fixed


def root_of(before: str, hashes: Iterable[str]) -> str:
    """The root of a day: anybody can compute it from the day's published list."""
    return hashlib.sha256("\n".join([before, *sorted(hashes)]).encode()).hexdigest()


def day_hashes(row: ChainRoot) -> list[str]:
    """The hashes behind a root in ascending order, which tells nothing about their cases (one query)."""
    return sorted(_events_of(row.day).filter(pk__lte=row.last_event).values_list("hash", flat=True))


def _events_of(day: date) -> QuerySet[ComplaintEvent]:
    return ComplaintEvent.objects.filter(at__gte=_start(day), at__lt=_start(day + DAY)).order_by()


def check_log(now: datetime) -> ChainCheck:
    """Recompute every chain, every text's digest and every root; keep what was found, and raise the alarm."""
    found = _Found()
    first_bad = next(_breaks(found), "")
    row = ChainCheck.objects.create(at=now, cases=found.cases, events=found.events, first_bad=first_bad)
    if first_bad:
        logger.error("The event log was changed: %s", first_bad)
        tell_administrators("log_broken", f"log:{row.pk}", {"row": first_bad})
    return row


class _Found:
    cases = events = 0


def _breaks(found: _Found) -> Iterator[str]:
    """Names of rows that do not fit, case by case in order of number, then day by day."""
    columns = ("pk", "reference", "head_hash", "received_at", "channel")
    cases = Complaint.objects.order_by("pk").values(*columns).iterator(CHUNK)
    events = groupby(
        ComplaintEvent.objects.order_by("complaint_id", "sequence").iterator(2000), attrgetter("complaint_id")
    )
    waiting = next(events, None)
    for case in cases:
        chain: list[ComplaintEvent] = []
        if waiting and waiting[0] == case["pk"]:
            chain = list(waiting[1])
            waiting = next(events, None)
        found.cases, found.events = found.cases + 1, found.events + len(chain)
        yield from _chain_break(case, chain)
    yield from _text_breaks()
    yield from _root_breaks()


def _chain_break(case: dict[str, Any], chain: list[ComplaintEvent]) -> Iterator[str]:
    """The first event that is missing or does not fit; a chain cut short no longer fits the head of its case.

    Where all fit, the column of the case that its first event contradicts.
    """
    reference = case["reference"]
    missing = next((n for n, event in enumerate(chain, 1) if event.sequence != n), len(chain) + 1)
    index = first_break(Link(event.facts(), event.prev_hash, event.hash) for event in chain)
    if index is not None and index + 1 < missing:
        yield f"event {reference}#{index + 1}"
    elif missing <= len(chain) or not chain or chain[-1].hash != case["head_hash"]:
        yield f"event {reference}#{missing} (missing)"
    elif column := strayed(chain[0].data, received_at=case["received_at"], channel=case["channel"]):
        yield f"case {reference} ({column})"


def _text_breaks() -> Iterator[str]:
    """Words that were changed or removed after they were written; erased ones have died with their salt."""
    gone = ComplaintEvent.objects.exclude(message_digest="").filter(messages__isnull=True).select_related("complaint")
    yield from (_text_of(event) for event in gone.order_by("pk")[:1])
    rows = Message.objects.select_related("event__complaint").order_by("event_id", "-is_public", "pk")
    for event, group in groupby(rows.iterator(2000), attrgetter("event")):
        if not _words_hold(event, list(group)):
            yield _text_of(event)


def _text_of(event: ComplaintEvent) -> str:
    return f"text {event.complaint.reference}#{event.sequence}"


def _words_hold(event: ComplaintEvent, texts: list[Message]) -> bool:
    """Words for the reporter stand first in the digest, then the note, all under one salt."""
    if any(text.erased_at for text in texts):
        return True
    salts = {text.salt for text in texts}
    return len(salts) == 1 and message_digest(*salts, *(text.body for text in texts)) == event.message_digest


def _root_breaks() -> Iterator[str]:
    before = ""
    for row in ChainRoot.objects.order_by("day").iterator():
        before = root_of(before, day_hashes(row))
        if before != row.root:
            yield f"root {row.day:%Y-%m-%d}"
            return


def _first_day() -> date | None:
    first = ComplaintEvent.objects.aggregate(first=Min("at"))["first"]
    return first.astimezone(UTC).date() if first else None


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

"""Marking likely duplicates, while answers are on their way into the tallies.

While an answer is sent nobody looks for its like: that would cost every visitor a read for the sake of few. A flag set
here is set before the answer is counted, so that tallies stay what a recount gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from surveys.models import Channel, Response
from surveys.quality import DUPLICATE, FLAGS, STRAIGHT, is_grave

# Typed in from paper or a file somebody has counted the forms, and equal ones are nothing odd.
_WATCHED = (Channel.QR, Channel.LINK, Channel.KIOSK, Channel.ASSISTED, Channel.INTERNAL)
# What comes later was kept on a device, and is marked for that.
_RECENT = timedelta(days=8)


def mark_duplicates(*, ids: Sequence[int], now: datetime) -> int:
    """Flag those of these answers that repeat an earlier one of the same survey, place and day; how many.

    The first of them stays unmarked. A form with one score everywhere and no words says too little to be recognised,
    and two verified visits are two visits. One query; one more for each set of flags found. For answers in no tally.
    """
    found = _repeated(ids, now).values_list("pk", "flags")
    by_flags: dict[str, list[int]] = {}
    for pk, flags in found:
        by_flags.setdefault(flags, []).append(pk)
    for flags, pks in by_flags.items():
        codes = {*flags.split(), DUPLICATE}
        marked = " ".join(code for code in FLAGS if code in codes)
        Response.objects.filter(pk__in=pks).update(flags=marked, is_flagged=is_grave(codes))
    return sum(map(len, by_flags.values()))


def _repeated(ids: Sequence[int], now: datetime) -> QuerySet[Response]:
    rows = Response.objects.filter(pk__in=ids, period_on__gte=(now - _RECENT).date(), channel__in=_WATCHED)
    rows = rows.filter(is_verified=False).exclude(payload_hash="").exclude(flags__contains=DUPLICATE)
    rows = rows.filter(~Q(flags__contains=STRAIGHT) | ~Q(comment=""))
    same = ("survey", "period_on", "payload_hash")
    earlier = Response.objects.filter(pk__lt=OuterRef("pk"), **{name: OuterRef(name) for name in same})
    # Each by the index of its place and day.
    at_point = Q(service_point__isnull=False) & Exists(earlier.filter(service_point=OuterRef("service_point")))
    by_link = earlier.filter(service_point__isnull=True, agency=OuterRef("agency"))
    return rows.filter(at_point | (Q(service_point__isnull=True) & Exists(by_link)))

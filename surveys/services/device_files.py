"""Answers that came by hand: the file an officer saved on a device, where sending is not possible any more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from surveys.models import Device
from surveys.offline_items import MAXIMUM_ITEMS, moment
from surveys.services.offline import REFUSED, REPLAYED, STORED, receive_batch


class BadFile(ValueError):
    """Not a file a device has written."""


def receive_file(*, device: Device, file: IO[bytes], now: datetime) -> dict[str, int]:
    """Store the answers of a saved file; how many were stored, stored before and refused. Raises BadFile.

    A file may be read again, and the device may send the same answers later: each is stored once.
    """
    content = _content(file)
    offset = timedelta(milliseconds=float(content["offset"]))
    left_at = _left_at(content, offset, now)
    counts: Counter[str] = Counter()
    items: Sequence[Any] = content["items"]
    for first in range(0, len(items), MAXIMUM_ITEMS):
        part = items[first : first + MAXIMUM_ITEMS]
        outcomes = receive_batch(device=device, items=part, offset=offset, now=now, left_at=left_at)
        counts.update(outcome.status for outcome in outcomes)
    return {status: counts[status] for status in (STORED, REPLAYED, REFUSED)}


def _content(file: IO[bytes]) -> dict[str, Any]:
    try:
        content = json.load(file)
    except (ValueError, RecursionError) as error:
        raise BadFile from error
    fits = isinstance(content, dict) and isinstance(content.get("items"), list)
    if not fits or not isinstance(content.get("offset"), int | float):
        raise BadFile
    return content


def _left_at(content: dict[str, Any], offset: timedelta, now: datetime) -> datetime:
    try:
        return moment(content.get("sent_at")) - offset
    except (ValueError, OverflowError):
        return now

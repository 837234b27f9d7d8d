"""A batch of answers that waited on a device: each stored once, or kept for somebody to look at. None is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.models import Service
from surveys.answers import Answers, InvalidAnswers
from surveys.clocks_offline import corrected, offset_seconds
from surveys.device_tokens import OFFLINE_GRACE, DeviceForm, read_form
from surveys.errors import SurveyClosed, WrongPlace
from surveys.models import Device, DeviceRefusal, QuestionnaireVersion, Response, ServicePoint
from surveys.models.devices import channel_of
from surveys.offline_items import BadItem, Item, read_item
from surveys.opening import Opening, opening
from surveys.quality import LATE
from surveys.selectors.devices import points_by_id, services_by_id, versions_by_id
from surveys.services.responses import store_responses, submit_response
from surveys.tokens import BadToken

STORED, REPLAYED, REFUSED = "stored", "replayed", "refused"
Reason = DeviceRefusal.Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; ``reason`` only when it was refused, ``receipt`` only when it is stored."""

    status: str
    receipt: str = ""
    reason: str = ""
    faults: dict[str, str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, reason: str, faults: Mapping[str, str] | None = None):
        super().__init__(reason)
        self.reason, self.faults = reason, dict(faults or {})


@dataclass(frozen=True)
class _Read:
    """An item whose form is ours; ``arrived_at`` is when it first reached us."""

    item: Item
    form: DeviceForm


Prepared = tuple[Response, Answers]


@dataclass
class _Batch:
    device: Device
    offset: timedelta
    arrived_at: datetime
    now: datetime
    # Somebody on the staff decided that these answers count although their survey is closed.
    is_decided: bool = False
    versions: dict[int, QuestionnaireVersion] = field(default_factory=dict)
    points: dict[int, ServicePoint] = field(default_factory=dict)
    services: dict[int, Service] = field(default_factory=dict)

    def load(self, reads: Iterable[_Read]) -> None:
        """Three queries for a batch, however many answers are in it."""
        known = list(reads)
        self.versions = versions_by_id({read.form.version_id for read in known})
        self.points = points_by_id({read.form.point_id for read in known}, self.device.service_point.agency_id)
        self.services = services_by_id({read.item.service_id for read in known if read.item.service_id})

    def prepare(self, read: _Read) -> Prepared:
        """The checked answer, not stored yet. Raises _Refused."""
        item, form = read.item, read.form
        version, point = self.versions.get(form.version_id), self.points.get(form.point_id)
        if version is None or point is None:
            raise _Refused(Reason.PLACE)
        captured = corrected(
            item.captured_at,
            offset=self.offset,
            issued_at=form.issued_at,
            received_at=self.arrived_at,
            age=item.age,
        )
        is_open = _was_open(version, captured)
        if not is_open and not (self.is_decided or self.arrived_at - form.issued_at <= OFFLINE_GRACE):
            raise _Refused(Reason.CLOSED)
        return self._checked(read, version, point, captured, () if is_open else (LATE,))

    def _checked(
        self, read: _Read, version: QuestionnaireVersion, point: ServicePoint, captured: datetime, flags: Sequence[str]
    ) -> Prepared:
        kept: list[Prepared] = []
        try:
            submit_response(
                version=version,
                point=point,
                answers=read.item.fields,
                key=read.item.key,
                channel=channel_of(read.form.kind),
                language=read.item.language,
                now=self.now,
                service=self.services.get(read.item.service_id or 0),
                partial=_asks_for_photo(version),
                flags=flags,
                seconds=read.item.seconds,
                captured_at=captured,
                clock_offset=offset_seconds(self.offset),
                in_grace=True,
                store=lambda response, checked: _kept(kept, response, checked),
            )
        except InvalidAnswers as error:
            raise _Refused(Reason.ANSWERS, error.faults) from error
        except (WrongPlace, SurveyClosed) as error:
            raise _Refused(Reason.PLACE) from error
        return kept[0]


def _kept(kept: list[Prepared], response: Response, checked: Answers) -> Response:
    kept.append((response, checked))
    return response


def _asks_for_photo(version: QuestionnaireVersion) -> bool:
    """Nobody can hand a photo to a kiosk; the rest of the form is checked there before it is kept."""
    return any(row["type"] == "photo" and row.get("required") for row in version.definition["questions"])


def _was_open(version: QuestionnaireVersion, moment: datetime) -> bool:
    survey = version.survey
    page = getattr(survey, "page", None)
    first, last = (page.opens_on, page.closes_on) if page else (None, None)
    day = moment.astimezone(survey.agency.region.zone).date()
    return opening(is_open=survey.is_open, opens_on=first, closes_on=last, on=day) is Opening.OPEN


def receive_batch(
    *,
    device: Device,
    items: Sequence[object],
    offset: timedelta,
    now: datetime,
    left_at: datetime | None = None,
) -> list[Outcome]:
    """Store what can be stored with one statement and keep the rest as refusals; one outcome per item, in order.

    ``offset`` is how far the device's clock was ahead when it sent; ``left_at`` when the answers left the device, where
    that was before ``now`` (a file carried by hand). The same batch again stores nothing and gives the same receipts.
    What is answered here is on disk.
    """
    batch = _Batch(device, offset, arrived_at=min(left_at or now, now), now=now)
    return _receive(batch, items)


def _receive(batch: _Batch, items: Sequence[object]) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    reads: dict[int, _Read] = {}
    prepared: dict[int, Prepared] = {}
    for number, given in enumerate(items):
        _try(outcomes, reads, number, lambda given=given: _read(given))
    batch.load(reads.values())
    for number, read in reads.items():
        _try(outcomes, prepared, number, lambda read=read: batch.prepare(read))
    with transaction.atomic():
        outcomes |= _store(prepared)
        _keep_refusals(batch, items, outcomes)
    return [outcomes[number] for number in range(len(items))]


def _try(outcomes: dict[int, Outcome], results: dict[int, Any], number: int, step: Any) -> None:
    try:
        results[number] = step()
    except _Refused as error:
        outcomes[number] = Outcome(REFUSED, reason=error.reason, faults=error.faults)


def _read(given: object) -> _Read:
    try:
        item = read_item(given)
    except BadItem as error:
        raise _Refused(Reason.SHAPE) from error
    try:
        return _Read(item, read_form(item.form))
    except BadToken as error:
        raise _Refused(Reason.TOKEN) from error


def _store(prepared: Mapping[int, Prepared]) -> dict[int, Outcome]:
    """Stored here, or stored before: the receipt of the first answer under a key is everybody's."""
    stored = store_responses(list(prepared.values()))
    return {
        number: Outcome(STORED if is_new else REPLAYED, receipt=receipt)
        for number, (receipt, is_new) in zip(prepared, stored, strict=True)
    }


def _keep_refusals(batch: _Batch, items: Sequence[object], outcomes: Mapping[int, Outcome]) -> None:
    """A device deletes what it has an answer for, so a refused item is ours to keep; the same one only once."""
    rows = [
        DeviceRefusal(
            device=batch.device,
            key=_key_of(items[number]),
            reason=outcome.reason,
            faults=dict(outcome.faults),
            payload=json.dumps(items[number]),
            clock_offset=offset_seconds(batch.offset),
            received_at=batch.arrived_at,
        )
        for number, outcome in sorted(outcomes.items())
        if outcome.status == REFUSED
    ]
    DeviceRefusal.objects.bulk_create(rows, ignore_conflicts=True)


def _key_of(given: object) -> str:
    """The item's own key; for one that has none, what it says."""
    text = given.get("key") if isinstance(given, Mapping) else None
    if isinstance(text, str) and len(text) == 36 and text.isascii():
        return text
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def retry_refusals(*, device: Device, now: datetime) -> int:
    """Try the refused answers of a device again, closed surveys included; how many are stored now."""
    stored = 0
    for refusal in device.refusals.filter(stored_at=None, forgotten_at=None):
        offset = timedelta(seconds=refusal.clock_offset)
        batch = _Batch(device, offset, arrived_at=refusal.received_at, now=now, is_decided=True)
        (outcome,) = _receive(batch, [json.loads(refusal.payload)])
        if outcome.status != REFUSED:
            DeviceRefusal.objects.filter(pk=refusal.pk).update(stored_at=now, payload="")
            stored += 1
    return stored

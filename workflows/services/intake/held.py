"""Entries dated back too far: hold them, let somebody else decide, hand out the receipt once."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.models import Agency, District, Service, User, Village
from core.sealing import seal, unseal
from workflows.models import Category, CategoryVersion, HeldEntry, PendingUpload
from workflows.permissions import may_decide_entry
from workflows.services.filing import Draft, Receipt, form_key_of, receipt_of
from workflows.services.identity import Identity
from workflows.services.intake.arrivals import Arrival, file_arrival
from workflows.services.steps import require_words

RELATED: dict[str, Any] = {
    "category": Category,
    "service": Service,
    "agency_hint": Agency,
    "district": District,
    "village": Village,
    "asked_in": CategoryVersion,
}
# The officer's time to print the receipt of an approved entry.
RECEIPT_KEPT = timedelta(days=14)


class AlreadyDecided(Exception):
    """Somebody else decided first."""


@transaction.atomic
def hold_entry(arrival: Arrival, *, now: datetime) -> HeldEntry:
    """Keep an entry sealed; the same form held twice is one row. Raises ``ValidationError`` without a reason."""
    require_words("late_reason", arrival.late_reason)
    values = {
        "region": arrival.region,
        "agency": arrival.entered_by.agency if arrival.entered_by else None,
        "channel": arrival.draft.channel,
        "received_at": arrival.received_at,
        "entered_at": now,
        "entered_by": arrival.entered_by,
        "reason": arrival.late_reason.strip()[:250],
        "payload_sealed": _sealed(arrival),
    }
    return HeldEntry.objects.get_or_create(form_key=form_key_of(arrival.token), defaults=values)[0]


@transaction.atomic
def approve_entry(*, entry_id: int, actor: User, words: str = "", now: datetime | None = None) -> HeldEntry:
    """File a held entry from its true day of receipt. Raises ``PermissionDenied`` or ``AlreadyDecided``."""
    at = now or timezone.now()
    entry = _deciding(entry_id, actor)
    payload = json.loads(unseal(entry.payload_sealed))
    arrival = Arrival(
        region=entry.region,
        draft=_draft(payload["draft"]),
        token=payload["token"],
        uploads=list(PendingUpload.objects.filter(form_key=entry.form_key)),
        entered_by=entry.entered_by,
        received_at=entry.received_at,
        facts={"approved_by": actor.pk},
    )
    entry.complaint = file_arrival(arrival, now=at).complaint
    entry.payload_sealed = seal(json.dumps({"token": payload["token"]}))
    return _decided(entry, HeldEntry.State.APPROVED, actor, words, at)


@transaction.atomic
def refuse_entry(*, entry_id: int, actor: User, words: str, now: datetime | None = None) -> HeldEntry:
    """Send an entry back unfiled, with a reason; its words are wiped, its files swept like other unfinished ones."""
    require_words("words", words)
    entry = _deciding(entry_id, actor)
    entry.payload_sealed = ""
    return _decided(entry, HeldEntry.State.REFUSED, actor, words, now or timezone.now())


@transaction.atomic
def hand_out_receipt(*, entry_id: int, actor: User) -> Receipt | None:
    """Number and secret code of an approved entry, once, for the officer who typed it in; None when it was taken."""
    entry = HeldEntry.objects.select_for_update(of=("self",)).select_related("complaint__region").get(pk=entry_id)
    if entry.entered_by_id != actor.pk:
        raise PermissionDenied("receipt")
    if entry.complaint is None or not entry.payload_sealed:
        return None
    receipt = receipt_of(entry.complaint, json.loads(unseal(entry.payload_sealed))["token"])
    entry.payload_sealed = ""
    entry.save(update_fields=["payload_sealed"])
    return receipt


def forget_receipts(now: datetime) -> int:
    """Wipe what would show the codes of entries approved a while ago; how many."""
    old = HeldEntry.objects.filter(decided_at__lt=now - RECEIPT_KEPT).exclude(payload_sealed="")
    return old.update(payload_sealed="")


def _deciding(entry_id: int, actor: User) -> HeldEntry:
    rows = HeldEntry.objects.select_for_update(of=("self",)).select_related("region", "agency", "entered_by")
    entry = rows.get(pk=entry_id)
    if not may_decide_entry(entry, actor):
        raise PermissionDenied("decide")
    if entry.state != HeldEntry.State.WAITING:
        raise AlreadyDecided
    return entry


def _decided(entry: HeldEntry, state: str, actor: User, words: str, at: datetime) -> HeldEntry:
    entry.state, entry.decided_by, entry.decided_at = state, actor, at
    entry.decision = words.strip()[:250]
    entry.save()
    return entry


def _sealed(arrival: Arrival) -> str:
    draft = {field.name: _plain(getattr(arrival.draft, field.name)) for field in dataclasses.fields(Draft)}
    return seal(json.dumps({"token": arrival.token, "draft": draft}))


def _plain(value: Any) -> Any:
    if isinstance(value, Identity):
        return dataclasses.asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return value.pk if hasattr(value, "pk") else value


def _draft(values: dict[str, Any]) -> Draft:
    found = dict(values)
    for name, model in RELATED.items():
        found[name] = model._default_manager.filter(pk=found[name]).first() if found[name] else None
    found["identity"] = Identity(**found["identity"])
    found["incident_on"] = date.fromisoformat(found["incident_on"]) if found["incident_on"] else None
    return Draft(**found)

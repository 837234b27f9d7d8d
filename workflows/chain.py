"""The hash chain of a case's events.

Each hash covers the facts of its event and the hash before it, so a changed, removed or inserted event breaks every
later one. The first event also says when and by what way the case was received, so that its row is held to it.
Leaves out personal data: words enter as a salted digest, and die with their salt. Whoever owns the database
can still rebuild a whole chain; that is what publishing its head is for.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple


class Link(NamedTuple):
    """One event as the chain sees it."""

    facts: Mapping[str, Any]
    prev_hash: str
    hash: str


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no canonical form")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_plain)


def digest_of(facts: Mapping[str, Any], prev_hash: str) -> str:
    """SHA-256 in hexadecimal over a canonical form of the facts and the previous hash."""
    return hashlib.sha256(_CANONICAL.encode([prev_hash, facts]).encode()).hexdigest()


def message_digest(salt: str, *bodies: str) -> str:
    """Digest of the words of one event; without the salt nobody can try short texts against it."""
    return hashlib.sha256("\0".join((salt, *bodies)).encode()).hexdigest()


def stated(received_at: datetime, channel: str) -> dict[str, str]:
    """What the first event says of its case: the moment from which every limit counts, and the way it came."""
    return {"received": _plain(received_at), "channel": str(channel)}


def strayed(said: Mapping[str, Any], *, received_at: datetime, channel: str) -> str:
    """The column of a case that is no longer as its first event said; empty when all are.

    First events of earlier versions said less. What they left out cannot be checked.
    """
    if "received" in said and datetime.fromisoformat(said["received"]) != received_at:
        return "received_at"
    return "channel" if said.get("channel", channel) != channel else ""


def first_break(links: Iterable[Link]) -> int | None:
    """Index of the first event whose hash or link is wrong; None when the chain holds."""
    before = ""
    for index, link in enumerate(links):
        if link.prev_hash != before or link.hash != digest_of(link.facts, before):
            return index
        before = link.hash
    return None

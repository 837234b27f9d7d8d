"""The signature of a gateway's message: HMAC-SHA256 over its moment and its body, valid for five minutes.

``X-Suara-Timestamp``: seconds since 1970. ``X-Suara-Signature``: ``sha256=<hex>`` of ``<timestamp>.<body>``. A message
sent twice is told apart by its id, which the caller keeps.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

TIMESTAMP, SIGNATURE = "X-Suara-Timestamp", "X-Suara-Signature"
TOLERANCE_SECONDS = 300


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def signed_headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    return {TIMESTAMP: stamp, SIGNATURE: signature_of(secret, stamp, body)}


def is_authentic(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether the body was signed with this secret within the last minutes; an empty secret signs nothing."""
    if not secret or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode())

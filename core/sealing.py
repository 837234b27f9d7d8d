"""Sealing: text only this installation can read, and keyed hashes of secrets it must only recognise.

Covers encryption of a reporter's identity (Fernet: AES-128-CBC with HMAC-SHA256) and hashes of secret codes.
Both use ``settings.SEALING_KEYS``, newest first: new text is sealed with the first key, older keys still open
what they sealed. Leaves out who may open a seal and the record of the opening; that is the app's business.
"""

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# Recipients in the outbox may be sealed, so that a mail address never stands beside a reference number.
SEALED_PREFIX = "sealed:"


class SealBroken(Exception):
    """The text was not sealed with any key of this installation."""


def seal(text: str) -> str:
    """Encrypt a text; an empty text stays empty. The result is about 1.4 times as long, plus 100 characters."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """Decrypt what ``seal`` made. Raises ``SealBroken`` when no key fits."""
    if not token:
        return ""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def open_recipient(recipient: str) -> str:
    """The address of an outbox row, sealed or plain. Raises ``SealBroken``."""
    if recipient.startswith(SEALED_PREFIX):
        return unseal(recipient.removeprefix(SEALED_PREFIX))
    return recipient


def keyed_hash(purpose: str, secret: str) -> str:
    """What is stored in place of a secret: HMAC-SHA256 in hexadecimal, under the newest key."""
    return next(_hashes(purpose, secret))


def keyed_hashes(purpose: str, secret: str) -> list[str]:
    """The same under every key, newest first: what may be stored already."""
    return list(_hashes(purpose, secret))


def is_secret(purpose: str, secret: str, stored: str) -> bool:
    """Whether a secret is the one behind a stored hash, under any key; constant time per key."""
    return any([hmac.compare_digest(digest, stored) for digest in _hashes(purpose, secret)])  # noqa: C419  all are compared


def derived_bytes(purpose: str, seed: str) -> bytes:
    """Thirty-two bytes that follow from a seed the caller does not store."""
    return _digest(settings.SEALING_KEYS[0], purpose, seed)


def _hashes(purpose: str, secret: str) -> Iterator[str]:
    return (_digest(key, purpose, secret).hex() for key in settings.SEALING_KEYS)


def _digest(key: str, purpose: str, text: str) -> bytes:
    return hmac.new(key.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(settings.SEALING_KEYS))


@cache
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])

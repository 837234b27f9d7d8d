"""Where mail is fetched from: an IMAP server, a Maildir, an mbox, or one ``.eml`` file. Standard library only.

``imaps://user:password@host:993/INBOX`` · ``maildir:///path`` · ``mbox:///path`` · ``/path/letter.eml``. Each mail is
handed on and marked as read only when it was taken, so a crash loses none; taken twice, it counts once.
"""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from workflows.intake.mailparts import MOST_BYTES

TIMEOUT = 30
MOST_MAILS = 200


class BadMailbox(ValueError):
    """An address of a mailbox nobody can open."""


def mails_in(address: str, *, most: int = MOST_MAILS) -> Iterator[bytes]:
    """Unread mails as they came; going on to the next one marks the last as read."""
    parts = urlsplit(address)
    readers = {"imaps": _imap, "maildir": _maildir, "mbox": _mbox, "": _file, "file": _file}
    if parts.scheme not in readers:
        raise BadMailbox(parts.scheme)
    for number, raw in enumerate(readers[parts.scheme](parts)):
        yield raw
        if number + 1 >= most:
            return


def _file(parts: SplitResult) -> Iterator[bytes]:
    with Path(unquote(parts.path)).open("rb") as file:
        yield file.read(MOST_BYTES + 1)


def _maildir(parts: SplitResult) -> Iterator[bytes]:
    box = mailbox.Maildir(unquote(parts.path), create=False)
    for key in sorted(box.keys()):
        message = box.get_message(key)
        if "S" in message.get_flags():
            continue
        yield box.get_bytes(key)
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message


def _mbox(parts: SplitResult) -> Iterator[bytes]:
    """Nothing is written into the file: which mails were taken is known from their fingerprints."""
    box = mailbox.mbox(unquote(parts.path), create=False)
    for key in box.keys():  # noqa: SIM118  a mailbox, not a dict
        yield box.get_bytes(key)


def _imap(parts: SplitResult) -> Iterator[bytes]:
    with _signed_in(parts) as server:
        _status, found = server.uid("search", "UNSEEN")
        for uid in (found[0] or b"").split():
            raw = _fetched(server, uid.decode())
            if raw is not None:
                yield raw
            server.uid("store", uid.decode(), "+FLAGS", r"(\Seen)")


@contextmanager
def _signed_in(parts: SplitResult) -> Iterator[imaplib.IMAP4_SSL]:
    server = imaplib.IMAP4_SSL(
        parts.hostname or "", parts.port or 993, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
    )
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(unquote(parts.path.strip("/")) or "INBOX")
        yield server
    finally:
        server.logout()


def _fetched(server: imaplib.IMAP4_SSL, uid: str) -> bytes | None:
    """One mail, or None for one that is too large to look at."""
    _status, sizes = server.uid("fetch", uid, "(RFC822.SIZE)")
    size = b"".join(part for part in sizes if isinstance(part, bytes)).split(b"RFC822.SIZE")[-1]
    digits = size.strip(b" ()").split()[:1]
    if digits and digits[0].isdigit() and int(digits[0]) > MOST_BYTES:
        return None
    _status, data = server.uid("fetch", uid, "(BODY.PEEK[])")
    return next((part[1] for part in data if isinstance(part, tuple)), None)

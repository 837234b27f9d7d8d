"""Whether a mail was written by a machine, by ourselves, or by whom it says: loops, bounces and forged senders.

RFC 3834 (automatic answers), RFC 3464 (bounces), RFC 8601 (Authentication-Results). Leaves out reply tokens.
"""

from __future__ import annotations

from collections.abc import Collection
from email.message import Message
from email.utils import parseaddr

from workflows.intake.mailparts import Mail

OWN_HEADER = "X-Suara-Key"
LOUD = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
MARKS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop", "Feedback-ID", "X-Failed-Recipients")
MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "bounce", "bounces")


def machine_reason(mail: Mail, own: Collection[str]) -> str:
    """Why a mail must not be answered or filed: a code, or empty for one that a person wrote."""
    headers = mail.headers
    if headers.get(OWN_HEADER) or mail.sender in own or _without_tag(mail.sender) in own:
        return "own"
    if _first_word(headers, "Auto-Submitted") not in ("", "no") or _first_word(headers, "Precedence") in LOUD:
        return "automatic"
    if headers.get_content_type() in ("multipart/report", "message/delivery-status") or _is_null(headers):
        return "bounce"
    local = mail.sender.split("@")[0].split("+")[0]
    if local in MACHINES or any(headers.get(name) for name in MARKS):
        return "automatic"
    return ""


def _first_word(headers: Message, name: str) -> str:
    return str(headers.get(name, "")).split(";")[0].strip().lower()


def _is_null(headers: Message) -> bool:
    """An empty return path: nobody wants an answer."""
    path = headers.get("Return-Path")
    return path is not None and not parseaddr(str(path))[1]


def _without_tag(address: str) -> str:
    local, _at, domain = address.partition("@")
    return f"{local.split('+')[0]}@{domain}"


def fails_dmarc(mail: Mail, own_server: str) -> bool:
    """Whether our own mail server says that the sender is forged; what other servers wrote is not read.

    Without the name of our server nothing is known, and nothing is held against the sender.
    """
    found = _verdict(mail, own_server)
    return bool(own_server) and (found is None or "dmarc=fail" in found)


def passes_dmarc(mail: Mail, own_server: str) -> bool:
    """Whether our own mail server says that the sender is who it says."""
    return bool(own_server) and "dmarc=pass" in (_verdict(mail, own_server) or "")


def _verdict(mail: Mail, own_server: str) -> str | None:
    """What our server found, in lower case and without spaces; None where it wrote nothing."""
    for value in mail.headers.get_all("Authentication-Results", []):
        server, _semicolon, results = str(value).partition(";")
        if server.split()[:1] == [own_server]:
            # The topmost of our server's lines is the one it wrote last; a forged one below is older.
            return results.replace(" ", "").lower()
    return None

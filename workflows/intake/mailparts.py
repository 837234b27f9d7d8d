"""Read one mail with its limits: who, to whom, words, files. Judged as hostile, whatever it says it is.

Covers limits on size, parts and depth, broken charsets, HTML reduced to text, quoted text cut from answers. Leaves out
whether the sender is to be believed (``mailtrust``) and what is done with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser

MOST_BYTES = 12 * 1024 * 1024
MOST_PARTS = 60
MOST_DEPTH = 8
# Boundaries and header lines are counted before anything is parsed.
MOST_BOUNDARIES = 400
MOST_HEADER = 64 * 1024
MOST_TEXT = 20_000
MOST_HTML = 400_000
MOST_FILES = 10
LONGEST_SUBJECT = 120


class Unreadable(ValueError):
    """A mail beyond a limit; ``args[0]`` is a code."""


@dataclass(frozen=True, slots=True)
class MailFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. Addresses are lower case; ``text`` is plain and bounded."""

    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    answers: tuple[str, ...]
    headers: Message
    files: tuple[MailFile, ...] = field(default=())

    @property
    def fingerprint(self) -> str:
        """The same mail delivered twice has it twice; a borrowed Message-ID with other words has not."""
        return hashlib.sha256(f"{self.message_id}\0{self.sender}\0{self.subject}\0{self.text}".encode()).hexdigest()


def read_mail(raw: bytes) -> Mail:
    """Raises ``Unreadable``."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("too_large")
    head = raw.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    if len(head) > MOST_HEADER:
        raise Unreadable("headers")
    if raw.count(b"\n--") > MOST_BOUNDARIES:
        raise Unreadable("parts")
    try:
        return _read(BytesParser(policy=policy.default).parsebytes(raw))
    except RecursionError as error:
        raise Unreadable("depth") from error
    except Unreadable:
        raise
    except Exception as error:  # the library raises many kinds on broken headers
        raise Unreadable("broken") from error


def _read(message: Message) -> Mail:
    senders = _addresses(message, "From")
    if len(senders) != 1 or "@" not in senders[0][1]:
        raise Unreadable("sender")
    plain, html, files = _contents(message)
    text = plain or text_of_html(html)
    name, address = senders[0]
    return Mail(
        sender=address.lower(),
        sender_name=_tidy(name, 120),
        recipients=tuple(a.lower() for _n, a in _addresses(message, "To", "Cc", "Delivered-To", "X-Original-To")),
        subject=_tidy(str(message.get("Subject", "")), LONGEST_SUBJECT),
        text=_clean(text),
        message_id=_tidy(str(message.get("Message-ID", "")), 250),
        answers=tuple(f"{message.get('In-Reply-To', '')} {message.get('References', '')}".split()[:20]),
        headers=message,
        files=tuple(files),
    )


def _addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    values = [str(value)[:2000] for name in names for value in message.get_all(name, [])]
    return [(name, address) for name, address in getaddresses(values[:20]) if address and len(address) <= 254][:50]


def _contents(message: Message) -> tuple[str, str, list[MailFile]]:
    """The first plain text, the first HTML, and what is attached."""
    plain, html, files = "", "", []
    for part in _parts(message):
        kind = part.get_content_type()
        is_text = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
        if is_text and kind == "text/plain":
            plain = plain or _text(part)
        elif is_text:
            html = html or _text(part)
        elif len(files) < MOST_FILES:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                files.append(MailFile(_tidy(part.get_filename() or "", 80), content))
    return plain, html, files


def _parts(message: Message) -> Iterator[Message]:
    """Leaves of the tree, without following a mail inside a mail."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise Unreadable("parts")
        if depth > MOST_DEPTH:
            raise Unreadable("depth")
        if part.get_content_maintype() == "message":
            continue
        if part.is_multipart():
            waiting += [(child, depth + 1) for child in part.get_payload() if isinstance(child, Message)]
        else:
            yield part


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", errors="replace")[:MOST_HTML]
    except LookupError:
        return content.decode("utf-8", errors="replace")[:MOST_HTML]


class _Words(HTMLParser):
    """Text of a page: no script, no style, no addresses of pictures; a block starts a line."""

    SILENT = {"script", "style", "head", "title", "template", "svg", "object", "iframe"}
    BLOCKS = {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def text_of_html(html: str) -> str:
    reader = _Words()
    reader.feed(html[:MOST_HTML])
    return "".join(reader.said)


def _clean(text: str) -> str:
    """Lines without control characters or trailing space, at most one empty line in a row."""
    kept: list[str] = []
    for line in text[: MOST_TEXT * 2].replace("\r", "").split("\n"):
        tidy = "".join(c for c in line if c == "\t" or c.isprintable()).rstrip()
        if tidy or (kept and kept[-1]):
            kept.append(tidy)
    return "\n".join(kept).strip()[:MOST_TEXT]


def _tidy(text: str, longest: int) -> str:
    """One line, printable, bounded: a header cannot smuggle another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())[:longest]


# Lines after which a mail program quotes what was answered.
QUOTE_STARTS = ("-----original message", "-----pesan asli", "________________________________", "dari: ", "from: ")
QUOTE_ENDS = ("wrote:", "menulis:", "menulis :")


def own_words(text: str) -> str:
    """An answer without the mail it answers."""
    kept: list[str] = []
    for line in text.split("\n"):
        lower = line.strip().lower()
        if lower.startswith(QUOTE_STARTS) or lower.endswith(QUOTE_ENDS):
            break
        if not lower.startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()


__all__ = ["EmailMessage", "Mail", "MailFile", "Unreadable", "own_words", "read_mail", "text_of_html"]

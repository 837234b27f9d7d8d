"""How a message leaves the house: one adapter per channel.

E-mail is always there. Another app adds a channel in its ``AppConfig.ready``: ``register("whatsapp", send)``. ``send``
gets a ``Letter`` with the open address and delivers it, or raises: ``Unreachable`` when the provider is down (the
channel rests and every message waits), anything else when this one message cannot be delivered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPServerDisconnected,
)

from django.core.mail import EmailMessage

EMAIL = "email"
# Of the errors of a mail server those that speak of the server itself, a wrong password included.
SERVER_DOWN = (SMTPAuthenticationError, SMTPConnectError, SMTPHeloError, SMTPServerDisconnected)


class Unreachable(Exception):
    """The provider cannot be reached; try the same message again later. Each region has its own, but for e-mail."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the recipient reads it. ``key`` is the same for every attempt: a provider can drop doubles."""

    to: str
    subject: str
    body: str
    key: str
    channel: str = EMAIL
    stop_url: str = ""
    confirm_url: str = ""
    # What it tells of, e.g. "complaint:12", and whose it is.
    about: str = ""
    region_id: int | None = None


Sender = Callable[[Letter], None]
_senders: dict[str, Sender] = {}


def register(channel: str, send: Sender) -> None:
    """Deliver a channel's messages by this function. Registering again replaces it."""
    _senders[channel] = send


def sender_of(channel: str) -> Sender | None:
    """What delivers a channel; None while no provider is connected."""
    return _senders.get(channel)


def connected() -> list[str]:
    return list(_senders)


ReplyTo = Callable[[Letter], str]
_reply_to: list[ReplyTo] = []


def answer_to(find: ReplyTo) -> None:
    """Let this function name the address where answers to a letter go; empty for nowhere. Again replaces it."""
    _reply_to[:] = [find]


def send_email(letter: Letter) -> None:
    """One mail, marked as automatic (RFC 3834) so that no auto-responder answers it."""
    try:
        email_of(letter).send()
    except SERVER_DOWN as problem:
        raise Unreachable(type(problem).__name__) from problem
    except SMTPException:
        raise  # a kind of OSError, and about this message only
    except OSError as problem:
        raise Unreachable(type(problem).__name__) from problem


def email_of(letter: Letter) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-Suara-Key": letter.key}
    if letter.stop_url:
        # RFC 8058: the mail program's own button sends one POST.
        headers["List-Unsubscribe"] = f"<{letter.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    answers = [address for find in _reply_to if (address := find(letter))]
    return EmailMessage(subject=letter.subject, body=letter.body, to=[letter.to], headers=headers, reply_to=answers)


register(EMAIL, send_email)

"""The ways a reporter can be written to, and the one form of a telephone number.

Covers the choices and the reading of numbers. Leaves out which ways there are in a region now
(``selectors.messengers``) and how a message leaves (``core.channels``).
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactBy(TextChoices):
    """The codes of the first three are the channels of the outbox."""

    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"
    NONE = "none", _("No messages; I look for myself with number and code")


MESSENGERS = (ContactBy.WHATSAPP, ContactBy.SMS)
SHORTEST, LONGEST = 8, 15


def phone_of(text: str) -> str:
    """Digits with a plus (E.164), Indonesian numbers in their international form. Raises ``ValueError``."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    if digits.startswith("0"):
        digits = f"62{digits[1:]}"
    if not SHORTEST <= len(digits) <= LONGEST:
        raise ValueError("number")
    return f"+{digits}"


def ways_offered(sending: set[str]) -> list[tuple[str, Any]]:
    """What a form offers; nothing where e-mail is the only way, because then an address says it all."""
    if not sending:
        return []
    return [(way.value, way.label) for way in ContactBy if way not in MESSENGERS or way.value in sending]

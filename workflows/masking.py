"""Find and mask personal data before a text is shown to everybody.

Covers identity card numbers (NIK, sixteen digits whose day of birth is possible), family card numbers, telephone
numbers, e-mail addresses, vehicle plates and bank account numbers as Indonesians write them, and names the caller
knows. A machine misses names and stories: a person checks what this leaves. Plain Python, linear in the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MASK = "[…]"
_SEP = r"[ .\-]?"
_NOT_DIGIT = (r"(?<![\d])", r"(?![\d])")
_PHONE = rf"(?:\+?62|\(?0){_SEP}(?:8\d|[2-7]\d)\d?\)?{_SEP}(?:\d{_SEP}){{4,9}}\d"
# Order matters: the longer number is taken before a shorter one inside it could match.
PATTERNS = (
    ("email", re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")),
    ("nik", re.compile(_NOT_DIGIT[0] + rf"(?:\d{_SEP}){{15}}\d" + _NOT_DIGIT[1])),
    ("phone", re.compile(_NOT_DIGIT[0] + _PHONE + _NOT_DIGIT[1])),
    ("plate", re.compile(r"\b[A-Z]{1,2} ?\d{1,4} ?[A-Z]{1,3}\b")),
    ("account", re.compile(r"(?i:\brek(?:ening)?\b[^\d\n]{0,20})(\d[\d .\-]{7,18}\d)")),
)
# Short words are no names one could hide without hiding half the text.
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that looks like personal data: kind, and where it stands in the text."""

    kind: str
    start: int
    end: int


def findings(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """What looks like personal data, in order, without overlaps."""
    found: list[Finding] = []
    for kind, pattern in (*PATTERNS, *_names(names)):
        for match in pattern.finditer(text):
            place = match.span(1) if match.re.groups else match.span()
            if not any(place[0] < other.end and other.start < place[1] for other in found):
                found.append(Finding(kind, *place))
    return sorted(found, key=lambda one: one.start)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with every finding replaced."""
    for one in reversed(findings(text, names)):
        text = text[: one.start] + MASK + text[one.end :]
    return text


def _names(names: Iterable[str]) -> list[tuple[str, re.Pattern[str]]]:
    """The whole name, and each longer word of it."""
    words = {word for name in names for word in (name.strip(), *name.split()) if len(word) >= SHORTEST_NAME}
    ordered = sorted(words, key=len, reverse=True)
    return [("name", re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)) for word in ordered]

"""Hints at personal data in what citizens wrote, and the text with these parts covered.

Covers: identity numbers (NIK, sixteen digits), Indonesian telephone numbers, e-mail addresses; digits may be grouped by
spaces, dots or hyphens. Leaves out: names and addresses of houses. A detector is a hint: it covers a text in lists, it
never decides that a text may be published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NIK = "nik"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    start: int
    end: int


_GAP = r"[ .\-]?"
_NIK = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15}}(?!\d)", re.ASCII)
# 08…, 628…, +62 8…, (021) …: nine to thirteen digits after the leading zero or country code.
_PHONE = re.compile(r"(?<![\d+])(?:\+?62|\(?0)[ .\-)]?\d(?:[ .\-)]{0,2}\d){7,11}(?!\d)", re.ASCII)
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{2,24}){1,4}")
_DETECTORS = ((Kind.NIK, _NIK), (Kind.EMAIL, _EMAIL), (Kind.PHONE, _PHONE))
COVER = "█████"


def findings(text: str) -> list[Finding]:
    """What looks like personal data, in the order of the text, without overlaps."""
    found: list[Finding] = []
    for hint in _all(text):
        if all(hint.end <= other.start or hint.start >= other.end for other in found):
            found.append(hint)
    return sorted(found, key=lambda hint: hint.start)


def _all(text: str) -> Iterator[Finding]:
    for kind, pattern in _DETECTORS:
        for match in pattern.finditer(text):
            yield Finding(kind, match.start(), match.end())


def masked(text: str) -> str:
    """The text with every finding covered."""
    for hint in reversed(findings(text)):
        text = text[: hint.start] + COVER + text[hint.end :]
    return text

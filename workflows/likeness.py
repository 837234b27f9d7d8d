"""How alike two reports are: pure rules, shared by the officer's side panel and the citizen's form.

Counts the words two texts have in common, those of the title twice; same topic and same place add to it. Leaves out
meaning: it finds the same pothole told twice, not two faults with one cause.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_]{4,}")
# Words of every report; they say nothing about which one.
COMMON = frozenset(
    """
    yang dengan untuk dari pada sudah belum tidak ada kami saya mohon tolong agar karena bahwa juga akan telah sampai
    lagi masih para oleh dalam serta atau jika ini itu sejak hari minggu bulan tahun warga masyarakat terima kasih
    """.split()  # noqa: SIM905  readable as a list of words
)
ENOUGH = 0.3


class Report(NamedTuple):
    """One report to compare; ``place`` is any key of where, 0 or None where unknown."""

    key: int
    title: str
    body: str
    topic: int | None = None
    place: int | None = None


def telling_words(text: str, most: int = 6) -> list[str]:
    """The words of a text that tell most about it: long ones first, each once."""
    return sorted(_words(text), key=lambda word: (-len(word), word))[:most]


def most_alike(report: Report, others: Iterable[Report], most: int = 5) -> list[int]:
    """Keys of the reports most like this one, the likest first; nothing below a threshold."""
    scored = [(score(report, other), other.key) for other in others if other.key != report.key]
    return [key for value, key in sorted(scored, reverse=True)[:most] if value >= ENOUGH]


def score(one: Report, other: Report) -> float:
    title = _overlap(_words(one.title), _words(other.title))
    whole = _overlap(_words(f"{one.title} {one.body}"), _words(f"{other.title} {other.body}"))
    topic = 0.1 if one.topic and one.topic == other.topic else 0.0
    place = 0.2 if one.place and one.place == other.place else 0.0
    return (2 * title + whole) / 3 + (topic + place if title or whole else 0.0)


def _words(text: str) -> set[str]:
    return {word for word in WORD.findall(text.lower()) if word not in COMMON}


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0

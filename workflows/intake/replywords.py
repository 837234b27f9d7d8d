"""The few words by which an answered message says whether a matter is solved: a pure rule.

In Indonesian and English whatever the language of the letter, because people answer as they speak. Only a first
sentence that says nothing else confirms: "Selesai apanya, masih rusak" must never close a case. Any message that begins
with a word of the other kind objects; a mistake there costs a look of the desk.
"""

import re

# The first of each kind, and of each language, is the one that letters name.
SOLVED = {"id": "SELESAI", "en": "SOLVED"}
NOT_SOLVED = {"id": "BELUM", "en": "NOT SOLVED"}
SAYS_SOLVED = ("selesai", "sudah selesai", "sudah", "beres", "solved", "done")
SAYS_NOT_SOLVED = ("belum", "tidak selesai", "keberatan", "not solved", "not yet", "object")
POLITE = frozenset({
    "ya", "iya", "terima", "kasih", "terimakasih", "makasih", "pak", "bapak", "bu", "ibu", "kak", "min",
    "yes", "thanks", "thank", "you", "it", "is",
})  # fmt: skip
SENTENCE = re.compile(r"[^\n.,;:!?]+")
WORD = re.compile(r"[^\W_]+")


def says_solved(text: str) -> bool:
    """Whether the first sentence says that it is solved, and nothing beside politeness."""
    first = SENTENCE.search(text)
    words = [word for word in WORD.findall(first.group().lower() if first else "") if word not in POLITE]
    return " ".join(words) in SAYS_SOLVED


def says_not_solved(text: str) -> bool:
    """Whether the message begins by saying that it is not."""
    words = " ".join(WORD.findall(text.lower()[:40]))
    return any(f"{words} ".startswith(f"{start} ") for start in SAYS_NOT_SOLVED)


def is_reaction(text: str) -> bool:
    return says_solved(text) or says_not_solved(text)

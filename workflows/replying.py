"""Reply templates and answers that say nothing of their own: pure rules.

A template is text with named places, ``{nomor}``; nothing in it is ever run. Likeness is counted over runs of three
words, in time linear in the text. Leaves out where the numbers go: that is ``services/replies.py``.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b

from django.utils.translation import gettext_lazy as _

# Name in a template, and what it stands for.
VARIABLES = {
    "nomor": _("number of the complaint"),
    "judul": _("title of the complaint"),
    "tanggal_masuk": _("day of receipt"),
    "instansi": _("agency that holds the case"),
    "layanan": _("service"),
    "tempat": _("place"),
    "tenggat": _("day on which the answer is due"),
}
PLACE = re.compile(r"\{([a-z_]{1,30})\}")
# Anything a template language might act on.
SIGNS = re.compile(r"\{[{%#][^\n]{0,40}|\{[^{}\n]{0,40}\}")
WORD = re.compile(r"[^\W\d_]+")
RUN = 3
# From here on an answer repeats its template; from here on it repeats other answers.
TOO_LIKE, TOO_MANY_SAME = 85, 3


def unknown_signs(body: str) -> list[str]:
    """What stands in braces and is no known name; empty for a good template."""
    found = (match.group() for match in SIGNS.finditer(body))
    return sorted({sign for sign in found if not (place := PLACE.fullmatch(sign)) or place.group(1) not in VARIABLES})


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with its named places filled, once: a value that looks like a place stays as it is."""
    return PLACE.sub(lambda match: values.get(match.group(1), match.group()), body)


def likeness(answer: str, template: str) -> int:
    """How much of the answer is the template's, in percent of the answer's runs of words."""
    own, known = _runs(answer), _runs(template)
    return round(100 * len(own & known) / len(own)) if own else 0


def fingerprint(answer: str) -> str:
    """The same for two answers that differ in numbers, signs and spacing only."""
    return blake2b(" ".join(WORD.findall(answer.lower())).encode(), digest_size=32).hexdigest()


def _runs(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    if len(words) < RUN:
        return {tuple(words)} if words else set()
    return set(zip(*(words[start:] for start in range(RUN)), strict=False))

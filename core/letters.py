"""The words of a message: what comes with the program, or what a region wrote instead.

The program's are ``templates/emails/<code>.txt``: the first line ``Subject: …``, an empty line, the text; they see the
row's ``context`` and ``base_url``. A region's own wording may name only the variables its message allows, as
``{reference}``; nothing else in it is ever evaluated. Leaves out who may write them and how they are sent.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})( \d{2}\.\d{2})?")
MOST_BODY = 4000


class Words(NamedTuple):
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a message that no wording may leave out or cut: a template, and an example of what it is made of."""

    name: str
    template: str
    example: Mapping[str, Any]

    @property
    def mark(self) -> str:
        return f"{{{self.name}}}"

    def text(self, values: Mapping[str, Any]) -> str:
        return render_to_string(self.template, _readable(values)).strip("\n")


@dataclass(frozen=True, slots=True)
class Editable:
    """A message a region may word by itself. ``variables``: what it may name, with an example for the preview."""

    code: str
    label: str | Promise
    variables: Mapping[str, str | int]
    # Where {link} leads, and what of the message its address is made of: the name and an example.
    link: str = ""
    link_of: tuple[str, str] | None = None
    passage: Passage | None = None

    @property
    def example(self) -> dict[str, Any]:
        """Everything the program's own wording sees, for a preview."""
        made_of = self.passage.example if self.passage else {}
        return {**self.variables, **dict([self.link_of] if self.link_of else []), **made_of}

    @property
    def needs_link(self) -> bool:
        """Whether the address holds what its reader learns nowhere else."""
        return self.link_of is not None and self.link_of[0] not in self.variables


@dataclass(frozen=True, slots=True)
class Beside:
    """What a letter is to one reader beside its own text, which is put together as it leaves.

    ``link``: where {link} leads instead of the letter's page. ``template``: what is added behind the text, if anything.
    """

    link: str
    template: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    def words(self, body: str, language: str) -> str:
        if not self.template:
            return ""
        told = {**self.told, "link": self.link, "is_link_told": self.link in body}
        return shipped(self.template, told, language).body


_editable: dict[str, Editable] = {}
Finder = Callable[[Any], Beside | None]
_beside: list[Finder] = []


def offer(letter: Editable) -> None:
    """Let regions word a message by themselves; called in ``AppConfig.ready``."""
    _editable[letter.code] = letter


def editable() -> list[Editable]:
    return list(_editable.values())


def editable_of(code: str) -> Editable | None:
    return _editable.get(code)


def allowed(letter: Editable) -> dict[str, str | int]:
    """Every variable of a message with its example."""
    passage = {letter.passage.name: letter.passage.text(letter.example)} if letter.passage else {}
    return {**_readable(letter.variables), **passage, "link": _link(letter, letter.example)}


def check_words(letter: Editable, words: Words) -> None:
    """Raise ``ValidationError`` for a variable the message does not have, or for what looks like a template tag."""
    text = f"{words.subject}\n{words.body}"
    unknown = sorted(set(VARIABLE.findall(text)) - set(allowed(letter)))
    if unknown:
        raise ValidationError(_("Unknown variables: %(names)s") % {"names": ", ".join(unknown)}, code="variable")
    if "{{" in text or "{%" in text:
        raise ValidationError(_("Only variables in single braces are allowed."), code="tag")
    if letter.needs_link and words.body and "{link}" not in words.body:
        message = _("This message must name its %(variable)s: nobody can do without it.")
        raise ValidationError(message % {"variable": "{link}"}, code="link")
    if letter.passage and words.body and not _holds_once(letter.passage.mark, words):
        message = _("The text of this message must name %(variable)s, once.")
        raise ValidationError(message % {"variable": letter.passage.mark}, code="passage")
    if "\n" in words.subject or "\r" in words.subject:
        raise ValidationError(_("The subject is one line."), code="subject")


def _holds_once(mark: str, words: Words) -> bool:
    return words.body.count(mark) == 1 and mark not in words.subject


def fill(letter: Editable, words: Words, values: Mapping[str, Any], language: str, link: str = "") -> Words:
    """A region's wording with its variables filled in; an unknown one stays as it was typed.

    ``link`` is where the text leads this reader; a subject line is no place for it, because mail servers log them.
    """
    passage = letter.passage
    with translation.override(language):
        told = _readable(values)
        whole = passage.text(values) if passage else ""
    known = {name: str(told.get(name, "")) for name in letter.variables}
    known["link"] = _link(letter, {**letter.example, **values})
    subject = " ".join(_filled(words.subject, known).split())
    known["link"] = link or known["link"]
    # What surrounds a passage has a limit, the passage itself has none.
    around = words.body.split(passage.mark) if passage else [words.body]
    body = whole.join(_filled(text, known)[: MOST_BODY * 2] for text in around)
    return Words(subject, body)


def _filled(text: str, known: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)


def say_beside(find: Finder) -> None:
    """Let this function say what a row of the outbox is to its reader, as it leaves. Again replaces it."""
    _beside[:] = [find]


def beside(row: Any) -> Beside | None:
    return next((said for find in _beside if (said := find(row))), None)


def shipped(code: str, values: Mapping[str, Any], language: str) -> Words:
    """The program's own wording."""
    with translation.override(language):
        text = render_to_string(f"emails/{code}.txt", {**_readable(values), "base_url": settings.BASE_URL})
    head, _blank, body = text.lstrip().partition("\n")
    return Words(head.removeprefix("Subject:").strip(), body.lstrip())


def _readable(value: Any) -> Any:
    """Days as people write them, in the language of the letter: a row keeps ``2026-11-30``, or ``2026-11-30 16.00``."""
    if isinstance(value, Mapping):
        return {name: _readable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_readable(each) for each in value]
    if isinstance(value, str) and (found := DAY.fullmatch(value)):
        return date_format(date.fromisoformat(found[1]), "j F Y") + (found[2] or "")
    return value


def _link(letter: Editable, values: Mapping[str, Any]) -> str:
    of = [values[letter.link_of[0]]] if letter.link_of else []
    return settings.BASE_URL + reverse(letter.link, args=of) if letter.link else settings.BASE_URL

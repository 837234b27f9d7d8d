"""Is a translation catalogue complete? Reads sources, ``.po`` and ``.mo`` without gettext tools.

Covers Python calls of the gettext family, the translation tags of templates, empty and fuzzy
entries, placeholders that differ, and a ``.mo`` older than its ``.po``. Leaves out JavaScript
(there is no translated text in it) and the quality of the translation.
"""

import ast
import gettext
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# Function name -> positions of (context, singular, plural) among its arguments.
SIGNATURES: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
CONTEXT_SEPARATOR = "\x04"
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({STRING})(?:\s*,\s*({STRING}))?(?:\s*,\s*({STRING}))?")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@dataclass(frozen=True)
class Message:
    """One text to translate; ``key`` is what the compiled catalogue calls it."""

    text: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> str:
        return self.text if self.context is None else self.context + CONTEXT_SEPARATOR + self.text


@dataclass
class Entry:
    """One entry of a ``.po`` file: the message, its translations, whether it is marked fuzzy."""

    message: Message
    translations: list[str]
    is_fuzzy: bool = False


# --- Sources ------------------------------------------------------------------------------


def messages_in(paths: Iterable[Path]) -> dict[Message, Path]:
    """Every message of Python files and templates, with one file that has it."""
    found: dict[Message, Path] = {}
    for path in paths:
        source = path.read_text(encoding="utf-8")
        messages = _in_python(source) if path.suffix == ".py" else _in_template(source)
        for message in messages:
            found.setdefault(message, path)
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in SIGNATURES:
            texts = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
            yield from _message(name, texts)


def _in_template(source: str) -> Iterator[Message]:
    for call in TEMPLATE_CALL.finditer(templatize(source)):
        name, *literals = call.groups()
        yield from _message(name, [ast.literal_eval(literal) if literal else None for literal in literals])


def _message(name: str, texts: list) -> Iterator[Message]:
    def at(position: int | None) -> str | None:
        return texts[position] if position is not None and position < len(texts) else None

    context, singular, plural = SIGNATURES[name]
    text = at(singular)
    if isinstance(text, str) and text:
        yield Message(text, at(plural), at(context))


# --- Catalogues ------------------------------------------------------------------------------


def read_po(path: Path) -> list[Entry]:
    """The entries of a ``.po`` file without its header and obsolete ones."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    entries = [entry for block in blocks if (entry := _read_block(block.splitlines()))]
    return [entry for entry in entries if entry.message.text]


def _read_block(lines: list[str]) -> Entry | None:
    fields: dict[str, str] = {}
    current, is_fuzzy = "", False
    for line in lines:
        if line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        keyword, _space, literal = line.strip().partition(" ")
        if keyword.startswith("msg"):
            current = keyword
        else:
            literal = line.strip()
        fields[current] = fields.get(current, "") + ast.literal_eval(literal)
    if "msgid" not in fields:
        return None
    message = Message(fields["msgid"], fields.get("msgid_plural"), fields.get("msgctxt"))
    return Entry(message, [text for name, text in fields.items() if name.startswith("msgstr")], is_fuzzy)


def problems_of(sources: dict[Message, Path], po: Path, mo: Path) -> list[str]:
    """What is wrong with a catalogue, one sentence each; nothing when it is complete."""
    entries = {entry.message.key: entry for entry in read_po(po)}
    found = []
    for message, path in sources.items():
        entry = entries.get(message.key)
        if entry is None:
            found.append(f"missing: {message.text!r} ({path})")
        elif message.plural and not entry.message.plural:
            found.append(f"no plural form: {message.text!r} ({path})")
    for entry in entries.values():
        found += _problems_of_entry(entry)
    return found + _problems_of_compiled(entries, mo)


def _problems_of_entry(entry: Entry) -> Iterator[str]:
    text = entry.message.text
    if entry.is_fuzzy:
        yield f"fuzzy: {text!r}"
    if not all(entry.translations):
        yield f"untranslated: {text!r}"
    # A plural form may leave out the number ("one complaint"), never bring in something unknown.
    known = set(PLACEHOLDER.findall(text)) | set(PLACEHOLDER.findall(entry.message.plural or ""))
    for translation in filter(None, entry.translations):
        used = set(PLACEHOLDER.findall(translation))
        if used - known or (entry.message.plural is None and used != known):
            yield f"placeholders differ: {text!r} -> {translation!r}"


def _problems_of_compiled(entries: dict[str, Entry], mo: Path) -> list[str]:
    if not mo.exists():
        return [f"{mo.name} is missing: run manage.py compilemessages"]
    with mo.open("rb") as handle:
        compiled = gettext.GNUTranslations(handle)._catalog  # type: ignore[attr-defined]
    stale = [key for key, entry in entries.items() if not entry.is_fuzzy and not _is_compiled(key, entry, compiled)]
    return [f"{mo.name} is older than its .po: run manage.py compilemessages (e.g. {stale[0]!r})"] if stale else []


def _is_compiled(key: str, entry: Entry, compiled: dict) -> bool:
    if entry.message.plural is None:
        return not entry.translations[0] or compiled.get(key) == entry.translations[0]
    return all(compiled.get((key, number)) == text for number, text in enumerate(entry.translations) if text)

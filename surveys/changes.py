"""What an edit does to a survey whose answers are kept: the difference between two questionnaires, graded.

Covers: every difference between the questionnaire in use and the one to be published, as **wording** (same meaning,
minor number), **meaning** (new major number; trends may break, old answers stay with their version) or **refused**
(would make stored answers lie). Leaves out counting answers, the sentences (``publishingtexts.py``), who may publish.

Identity is by id and code alone: a question with new words and the old id is the same question; one with the old words
and a new id is a new one. Nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.definition import SECTION, SOURCE_LANGUAGE, Definition, answered, canonical, languages_of, layout_of


class Grade(StrEnum):
    WORDING = "wording"
    MEANING = "meaning"
    REFUSED = "refused"


class Kind(StrEnum):
    REWORDED = "reworded"
    TRANSLATED = "translated"
    CHOICE_REWORDED = "choice_reworded"
    REORDERED = "reordered"
    CHOICES_REORDERED = "choices_reordered"
    OFFICIAL_REWORDED = "official_reworded"
    PRESENTATION = "presentation"
    SECTIONS = "sections"
    REASONS = "reasons"
    ADDED_OPTIONAL = "added_optional"
    ADDED_REQUIRED = "added_required"
    RESTORED = "restored"
    RETIRED = "retired"
    CHOICE_ADDED = "choice_added"
    CHOICE_RETIRED = "choice_retired"
    NOW_REQUIRED = "now_required"
    NOW_OPTIONAL = "now_optional"
    LIMITS = "limits"
    SCALE = "scale"
    CONDITION = "condition"
    PROFILE = "profile"
    COMMENT = "comment"
    INSTRUMENT = "instrument"
    TYPE = "type"
    CODE = "code"
    OFFICIAL_SCALE = "official_scale"
    OFFICIAL_ELEMENTS = "official_elements"
    RETENTION = "retention"


_WORDING = frozenset(
    {
        Kind.REWORDED,
        Kind.TRANSLATED,
        Kind.CHOICE_REWORDED,
        Kind.REORDERED,
        Kind.CHOICES_REORDERED,
        Kind.OFFICIAL_REWORDED,
        Kind.PRESENTATION,
        Kind.SECTIONS,
        Kind.REASONS,
    }
)
_REFUSED = frozenset({Kind.TYPE, Kind.CODE, Kind.OFFICIAL_SCALE, Kind.OFFICIAL_ELEMENTS, Kind.RETENTION})
# ``points``: which words belong to which number of a scale, by the ids of the words.
_LIMITS = ("min", "max", "max_length", "points")
_SCALES = frozenset({"rating", "scale"})


@dataclass(frozen=True, slots=True)
class Change:
    """``where``: a question's id or an element's code, empty for the form; ``before``, ``after``: words to show."""

    kind: Kind
    where: str = ""
    label: str = ""
    before: str = ""
    after: str = ""
    # Choice codes, profile fields, languages: what the change is about.
    codes: tuple[str, ...] = ()

    @property
    def grade(self) -> Grade:
        if self.kind in _REFUSED:
            return Grade.REFUSED
        return Grade.WORDING if self.kind in _WORDING else Grade.MEANING


def compare(
    before: Definition, after: Definition, *, published: Iterable[Mapping[str, Any]] = (), has_answers: bool = True
) -> list[Change]:
    """Every difference, gravest first. ``published``: all questions of any version, so that a return is recognised.

    Without answers nothing is refused but an identifier that was published: there is nothing to protect yet.
    """
    known = {question["id"]: question for question in published}
    found = [*_official(before, after), *_questions(before, after, known), *_whole(before, after)]
    if not has_answers:
        found = [change for change in found if change.grade is not Grade.REFUSED or change.kind is Kind.CODE]
    return sorted(found, key=lambda change: [Grade.REFUSED, Grade.MEANING, Grade.WORDING].index(change.grade))


def grade_of(changes: Sequence[Change]) -> Grade | None:
    """The gravest; None when nothing changes."""
    grades = {change.grade for change in changes}
    return next((grade for grade in (Grade.REFUSED, Grade.MEANING, Grade.WORDING) if grade in grades), None)


def retention_change(before: int | None, after: int | None) -> Change | None:
    """Months for which written answers are kept (None: for good): whoever answered under a shorter time keeps it."""
    if before is None or (after is not None and after <= before):
        return None
    return Change(Kind.RETENTION, before=str(before), after="" if after is None else str(after))


# --- Official elements -----------------------------------------------------------------------


def _official(before: Definition, after: Definition) -> Iterator[Change]:
    old = {element["code"]: element for element in before["elements"]}
    new = {element["code"]: element for element in after["elements"]}
    if before["scale"] != after["scale"]:
        yield Change(Kind.OFFICIAL_SCALE, before=_span(before["scale"]), after=_span(after["scale"]))
    # A slot is the column the scores stand in: another slot would mix two elements.
    if {code: row["slot"] for code, row in old.items()} != {code: row["slot"] for code, row in new.items()}:
        yield Change(Kind.OFFICIAL_ELEMENTS, codes=tuple(sorted(set(old) ^ set(new))))
    elif before["instrument"] != after["instrument"]:
        yield Change(Kind.INSTRUMENT, before=before["instrument"], after=after["instrument"])
    for code, element in old.items():
        if code in new:
            yield from _element(element, new[code])


def _span(scale: Mapping[str, Any]) -> str:
    return f"{scale['min']}–{scale['max']}"


def _element(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    code, name = old["code"], old["name"].get(SOURCE_LANGUAGE, old["code"])
    words = (old["question"], new["question"]), (_flat(old["options"]), _flat(new["options"]))
    if any(_reworded(before, after) for before, after in words):
        before, after = old["question"].get(SOURCE_LANGUAGE, ""), new["question"].get(SOURCE_LANGUAGE, "")
        yield Change(Kind.OFFICIAL_REWORDED, code, name, before, after)
    elif any(before != after for before, after in words):
        yield Change(Kind.TRANSLATED, code, name)
    if old.get("ask_reason_below") != new.get("ask_reason_below"):
        yield Change(Kind.REASONS, code, name)


# --- Own questions ---------------------------------------------------------------------------


def _questions(before: Definition, after: Definition, known: Mapping[str, Any]) -> Iterator[Change]:
    old = {question["id"]: question for question in answered(before)}
    new = {question["id"]: question for question in answered(after)}
    for identifier, question in new.items():
        if identifier in old:
            yield from _question(old[identifier], question)
        else:
            yield from _came(question, known.get(identifier))
    for identifier, question in old.items():
        if identifier not in new:
            yield Change(Kind.RETIRED, identifier, _label(question))
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Change(Kind.REORDERED)
    if _sections(before) != _sections(after):
        yield Change(Kind.SECTIONS)


def _came(question: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> Iterator[Change]:
    if earlier is not None:
        yield Change(Kind.RESTORED, question["id"], _label(question))
        yield from _question(earlier, question)
        return
    kind = Kind.ADDED_REQUIRED if question.get("required") else Kind.ADDED_OPTIONAL
    yield Change(kind, question["id"], _label(question))


def _question(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    identifier, label = old["id"], _label(old)
    if old["code"] != new["code"]:
        yield Change(Kind.CODE, identifier, label, old["code"], new["code"])
    if old["type"] != new["type"]:
        yield Change(Kind.TYPE, identifier, label, old["type"], new["type"])
        return
    if bool(old.get("required")) != bool(new.get("required")):
        yield Change(Kind.NOW_REQUIRED if new.get("required") else Kind.NOW_OPTIONAL, identifier, label)
    if [old.get(name) for name in _LIMITS] != [new.get(name) for name in _LIMITS]:
        kind = Kind.SCALE if old["type"] in _SCALES else Kind.LIMITS
        yield Change(kind, identifier, label, _limits(old), _limits(new))
    if (old.get("show_if") or None) != (new.get("show_if") or None):
        yield Change(Kind.CONDITION, identifier, label)
    yield from _words(old, new)
    yield from _choices(old, new)


def _limits(question: Mapping[str, Any]) -> str:
    if question.get("max_length"):
        return str(question["max_length"])
    return "–".join("…" if question.get(name) is None else str(question[name]) for name in ("min", "max"))


def _words(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    words = [(old["label"], new["label"]), (old.get("help") or {}, new.get("help") or {})]
    # Words of another scale are no rewording: the scale is named already.
    if [old.get(name) for name in _LIMITS] == [new.get(name) for name in _LIMITS]:
        words.append((_flat(old.get("options", {})), _flat(new.get("options", {}))))
    if any(_reworded(before, after) for before, after in words):
        yield Change(Kind.REWORDED, old["id"], _label(old), _label(old), _label(new))
    elif any(_spoken(before) != _spoken(after) for before, after in words):
        yield Change(Kind.TRANSLATED, old["id"], _label(old))


def _choices(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before = {choice["code"]: choice["label"] for choice in old.get("choices", ())}
    after = {choice["code"]: choice["label"] for choice in new.get("choices", ())}
    identifier, label = old["id"], _label(old)
    for code, words in before.items():
        text = words.get(SOURCE_LANGUAGE, "")
        if code not in after:
            yield Change(Kind.CHOICE_RETIRED, identifier, label, text, codes=(code,))
        elif _reworded(words, after[code]):
            new_text = after[code].get(SOURCE_LANGUAGE, "")
            yield Change(Kind.CHOICE_REWORDED, identifier, label, text, new_text, (code,))
        elif _spoken(words) != _spoken(after[code]):
            yield Change(Kind.TRANSLATED, identifier, label)
    for code, words in after.items():
        if code not in before:
            yield Change(Kind.CHOICE_ADDED, identifier, label, after=words.get(SOURCE_LANGUAGE, ""), codes=(code,))
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield Change(Kind.CHOICES_REORDERED, identifier, label)


# --- The form as a whole ---------------------------------------------------------------------


def _whole(before: Definition, after: Definition) -> Iterator[Change]:
    if set(before["profile"]) != set(after["profile"]):
        yield Change(Kind.PROFILE, codes=tuple(sorted(set(before["profile"]) ^ set(after["profile"]))))
    if (before["comment"] is None) != (after["comment"] is None):
        yield Change(Kind.COMMENT, after="" if after["comment"] is None else "asked")
    shown = [(layout_of(form), languages_of(form), _recordings(form), form["comment"]) for form in (before, after)]
    if shown[0] != shown[1] and (before["comment"] is None) == (after["comment"] is None):
        yield Change(Kind.PRESENTATION)


def _recordings(form: Definition) -> list[Any]:
    return [row.get("audio") for row in [*form["elements"], *form["questions"]] if row.get("audio")]


def _sections(form: Definition) -> list[str]:
    """Texts to read, each with the question it stands before: moving one changes nothing that is counted."""
    return [canonical(question) for question in form["questions"] if question["type"] == SECTION]


def _label(question: Mapping[str, Any]) -> str:
    text: str = question["label"].get(SOURCE_LANGUAGE, "")
    return text


def _flat(options: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Words at the points of a scale, under point and language."""
    return {
        f"{language}:{point}": text for point, words in options.items() for language, text in _spoken(words).items()
    }


def _spoken(texts: Mapping[str, str]) -> dict[str, str]:
    """Without what merely repeats the Indonesian text: earlier questionnaires stored the stand-in."""
    source = texts.get(SOURCE_LANGUAGE)
    return {
        language: text for language, text in texts.items() if text and (language == SOURCE_LANGUAGE or text != source)
    }


def _reworded(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """A text that was there reads differently now; a translation that was added or taken away is none."""
    old, new = _spoken(before), _spoken(after)
    return any(old[language] != new[language] for language in old.keys() & new.keys()) or (
        old.get(SOURCE_LANGUAGE) != new.get(SOURCE_LANGUAGE)
    )

"""Parts of a question block: texts in several languages, choices, points of a scale, the condition, the recordings.

A choice is known by its code, which is never derived from a text, so that a label may be reworded, or be in any script,
without touching an answer. Codes left empty are numbered when the page is saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from surveys.branching import LABEL_LENGTH
from surveys.definition import LANGUAGES, SOURCE_LANGUAGE, element_field, question_field

POINT_LENGTH = 60
code_format = RegexValidator(r"^[A-Za-z][A-Za-z0-9_]{0,29}\Z", _("Use letters, digits and _, starting with a letter."))
_SPOKEN = {"ya": "yes", "tidak": "no"}
OTHER_LANGUAGES = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)
IN_LANGUAGE = {"en": _("In English"), "jv": _("In Javanese"), "mad": _("In Madurese")}


def text(label: Any, length: int = LABEL_LENGTH, *, required: bool = False, **kwargs: Any) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, max_length=length, required=required, **kwargs)


def recording(language: str) -> DocumentChooserBlock:
    label = IN_LANGUAGE.get(language, _("In Indonesian"))
    return DocumentChooserBlock(label=label, required=False, form_classname=f"spoken-{language}")


def other(language: str, length: int = LABEL_LENGTH) -> blocks.CharBlock:
    """A translation; empty means that citizens read Indonesian."""
    return text(IN_LANGUAGE[language], length, form_classname=f"spoken-{language}")


def translations(*names: str) -> list[str]:
    """Field names of the translations of these texts, a language after the other."""
    return [f"{name}_{language}" for language in OTHER_LANGUAGES for name in names]


def folded(heading: Any, names: list[Any], icon: str) -> BlockGroup:
    """A group that opens with a click: most questions never need it."""
    return BlockGroup(children=names, heading=heading, icon=icon, classname="collapsed", label_format="")


class ChoiceBlock(blocks.StructBlock):
    label = text(_("Answer"), required=True)
    label_en = other("en")
    label_jv = other("jv")
    label_mad = other("mad")
    code = blocks.CharBlock(
        label=_("Code"),
        max_length=30,
        required=False,
        validators=[code_format],
        help_text=_("Given automatically when empty. It stays the same after publishing."),
    )

    class Meta:
        icon = "radio-full"
        form_layout = BlockGroup(
            children=["label", folded(_("Translations and code"), [*translations("label"), "code"], "globe")]
        )


def blank(block: type[blocks.StructBlock], times: int) -> list[dict[str, str]]:
    """Empty rows with every field: the browser writes “undefined” into one that is left out."""
    return [dict.fromkeys(block().child_blocks, "") for _row in range(times)]


class ChoicesBlock(blocks.ListBlock):
    """Choices with a code each: a, b, c… in the order in which they were first saved."""

    def __init__(self, **kwargs: Any):
        super().__init__(ChoiceBlock(), min_num=2, max_num=26, default=blank(ChoiceBlock, 2), **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        fill_codes(cleaned, ("abcdefghijklmnopqrstuvwxyz"[place] for place in range(26)))
        repeated = repeated_codes(cleaned)
        if repeated:
            errors = {place: field_error("code", _("This code is used twice.")) for place in repeated}
            raise ListBlockValidationError(block_errors=errors)
        return cleaned


class PointBlock(blocks.StructBlock):
    """The words at one point of a scale. Which point it is follows from its place: the first is the lowest."""

    label = text(_("Words"), POINT_LENGTH, required=True)
    label_en = other("en", POINT_LENGTH)
    label_jv = other("jv", POINT_LENGTH)
    label_mad = other("mad", POINT_LENGTH)

    class Meta:
        icon = "pick"
        form_layout = BlockGroup(children=["label", folded(_("Translations"), translations("label"), "globe")])


class ConditionBlock(blocks.StructBlock):
    """Ask only after certain answers to one earlier question; empty means always."""

    # The editor's script shows both as a choice of questions and answers by their words; typed, they are codes.
    question = blocks.CharBlock(
        label=_("Earlier question"),
        max_length=40,
        required=False,
        help_text=_("The code of a question above, or of an official element, for example waktu."),
    )
    answers = blocks.CharBlock(
        label=_("After these answers"),
        max_length=200,
        required=False,
        help_text=_("Codes of its answers, with commas: yes, no for yes or no; a, b for choices; 1, 2 for points."),
    )

    class Meta:
        icon = "redirect"
        collapsed = True
        label_format = "{question}: {answers}"


def as_condition(value: Any, identifiers: dict[str, str]) -> dict[str, Any] | None:
    """``identifiers``: question id by code in lower case. A code nobody has is taken for an element's."""
    code = (value["question"] or "").strip() if value else ""
    if not code:
        return None
    known = identifiers.get(code.lower())
    given = [part for part in re.split(r"[,;\s]+", value["answers"] or "") if part]
    return {
        "field": question_field(known) if known else element_field(code.lower()),
        "any_of": [_SPOKEN.get(part.lower(), part) for part in given],
    }


def texts(value: Any, name: str) -> dict[str, str]:
    """One text per language it is there in; Indonesian always."""
    found = {SOURCE_LANGUAGE: value[name] or ""}
    for language in OTHER_LANGUAGES:
        if translated := value.get(f"{name}_{language}"):
            found[language] = translated
    return found


def recordings(value: Any) -> dict[str, str]:
    """Addresses of the recordings by language."""
    documents = {language: value.get(f"audio_{language}") for language in LANGUAGES}
    return {language: document.url for language, document in documents.items() if document}


def fill_codes(rows: Iterable[Any], candidates: Iterator[str]) -> None:
    """Give each row without a code the next free one; codes once given are never touched."""
    rows = list(rows)
    taken = {row["code"].lower() for row in rows if row["code"]}
    free = (code for code in candidates if code not in taken)
    for row in rows:
        row["code"] = row["code"] or next(free, "")


def repeated_codes(rows: Iterable[Any]) -> list[int]:
    """Places whose code stands earlier already; capitals make no difference, as in a spreadsheet's heading."""
    seen: set[str] = set()
    places = []
    for place, row in enumerate(rows):
        code = row["code"].lower()
        if code in seen:
            places.append(place)
        seen.add(code)
    return places


def field_error(name: str, message: Any) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={name: ValidationError(message)})

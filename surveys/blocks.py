"""The questions an editor adds below the official elements, as StreamField blocks.

Covers: the blocks, the checks an editor meets while saving, and the plain form ``definition.py`` builds on.
Leaves out: what is already published (``services/publishing.py`` compares with that).

A question is known by the id of its block, a choice by its code; neither is derived from a text, so that a label may be
reworded, or be in any script, without touching an answer. Codes left empty are numbered when the page is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

LABEL_LENGTH = 300
# Columns of every export; a question under one of these names would hide them.
_COLUMNS = """id key receipt survey version channel language service agency region comment answers
sex age_band education occupation submitted_at submit_time period_on csrfmiddlewaretoken"""
RESERVED_CODES = frozenset(_COLUMNS.split())
_code_format = RegexValidator(r"^[A-Za-z][A-Za-z0-9_]{0,29}\Z", _("Use letters, digits and _, starting with a letter."))


class ChoiceBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Answer"), max_length=LABEL_LENGTH)
    label_en = blocks.CharBlock(label=_("Answer in English"), max_length=LABEL_LENGTH, required=False)
    code = blocks.CharBlock(
        label=_("Code"),
        max_length=30,
        required=False,
        validators=[_code_format],
        help_text=_("Given automatically when empty. It stays the same after publishing."),
    )

    class Meta:
        icon = "radio-full"


class ChoicesBlock(blocks.ListBlock):
    """Choices with a code each: a, b, c… in the order in which they were first saved."""

    def __init__(self, **kwargs: Any):
        super().__init__(ChoiceBlock(), min_num=2, max_num=26, **kwargs)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        fill_codes(cleaned, ("abcdefghijklmnopqrstuvwxyz"[place] for place in range(26)))
        repeated = _repeated(cleaned)
        if repeated:
            errors = {place: _field_error("code", _("This code is used twice.")) for place in repeated}
            raise ListBlockValidationError(block_errors=errors)
        return cleaned


class QuestionBlock(blocks.StructBlock):
    """What every question has; the type decides the rest."""

    label = blocks.CharBlock(label=_("Question"), max_length=LABEL_LENGTH)
    label_en = blocks.CharBlock(label=_("Question in English"), max_length=LABEL_LENGTH, required=False)
    help = blocks.CharBlock(label=_("Explanation"), max_length=LABEL_LENGTH, required=False)
    help_en = blocks.CharBlock(label=_("Explanation in English"), max_length=LABEL_LENGTH, required=False)
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    code = blocks.CharBlock(
        label=_("Code"),
        max_length=30,
        required=False,
        validators=[_code_format],
        help_text=_("Heading of the column in exports. Given automatically when empty; fixed after publishing."),
    )

    def details(self, value: Any) -> dict[str, Any]:
        """What the definition needs besides the common parts."""
        return {}


class ShortTextBlock(QuestionBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Short text")


class LongTextBlock(QuestionBlock):
    class Meta:
        icon = "doc-full"
        label = _("Long text")


class YesNoBlock(QuestionBlock):
    class Meta:
        icon = "check"
        label = _("Yes or no")


class SingleBlock(QuestionBlock):
    choices = ChoicesBlock(label=_("Answers to choose from"))

    class Meta:
        icon = "radio-full"
        label = _("One of several")

    def details(self, value: Any) -> dict[str, Any]:
        rows = value["choices"]
        return {"choices": [{"code": row["code"], "label": texts(row, "label")} for row in rows]}


class MultipleBlock(SingleBlock):
    class Meta:
        icon = "list-ul"
        label = _("Several of several")


class NumberBlock(QuestionBlock):
    min = blocks.DecimalBlock(label=_("Lowest value"), required=False)
    max = blocks.DecimalBlock(label=_("Highest value"), required=False)

    class Meta:
        icon = "order"
        label = _("Number")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        low, high = cleaned["min"], cleaned["max"]
        if low is not None and high is not None and low >= high:
            raise _field_error("max", _("The highest value must be above the lowest."))
        return cleaned

    def details(self, value: Any) -> dict[str, Any]:
        # As text: a decimal survives JSON unchanged only so.
        return {name: str(value[name]) for name in ("min", "max") if value[name] is not None}


class RatingBlock(QuestionBlock):
    points = blocks.IntegerBlock(label=_("Number of points"), min_value=2, max_value=10, default=4)
    low_label = blocks.CharBlock(label=_("Words at the lowest point"), max_length=60, required=False)
    low_label_en = blocks.CharBlock(label=_("In English"), max_length=60, required=False)
    high_label = blocks.CharBlock(label=_("Words at the highest point"), max_length=60, required=False)
    high_label_en = blocks.CharBlock(label=_("In English"), max_length=60, required=False)

    class Meta:
        icon = "pick"
        label = _("Scale")

    def details(self, value: Any) -> dict[str, Any]:
        ends = {"1": texts(value, "low_label"), str(value["points"]): texts(value, "high_label")}
        return {
            "min": 1,
            "max": value["points"],
            "options": {point: text for point, text in ends.items() if text["id"]},
        }


class QuestionsBlock(blocks.StreamBlock):
    """All own questions of a survey. Block names are the types of ``definition.QUESTION_TYPES``."""

    rating = RatingBlock()
    yes_no = YesNoBlock()
    single = SingleBlock()
    multiple = MultipleBlock()
    number = NumberBlock()
    text = ShortTextBlock()
    long_text = LongTextBlock()

    class Meta:
        required = False
        max_num = 20

    @cached_property
    def types(self) -> frozenset[str]:
        return frozenset(self.child_blocks)

    def clean(self, value: Any, **kwargs: Any) -> Any:
        cleaned = super().clean(value, **kwargs)
        rows = [child.value for child in cleaned]
        fill_codes(rows, (f"p{number}" for number in range(1, 100)))
        errors = {place: _field_error("code", _("This code is used twice.")) for place in _repeated(rows)}
        errors |= {place: _field_error("code", _("This code is reserved.")) for place in _reserved(rows)}
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def as_questions(stream: Any) -> list[dict[str, Any]]:
    """The stream as plain questions of a definition, in the editor's order."""
    return [_as_question(child) for child in stream]


def _as_question(child: Any) -> dict[str, Any]:
    value = child.value
    common = {
        "id": child.id,
        "code": value["code"],
        "type": child.block_type,
        "required": bool(value["required"]),
        "label": texts(value, "label"),
        "help": texts(value, "help"),
    }
    return common | child.block.details(value)


def texts(value: Any, name: str) -> dict[str, str]:
    """One text per language; Indonesian stands in where English is missing."""
    indonesian = value[name] or ""
    return {"id": indonesian, "en": value[f"{name}_en"] or indonesian}


def fill_codes(rows: Iterable[Any], candidates: Iterator[str]) -> None:
    """Give each row without a code the next free one; codes once given are never touched."""
    rows = list(rows)
    taken = {row["code"].lower() for row in rows if row["code"]}
    free = (code for code in candidates if code not in taken)
    for row in rows:
        row["code"] = row["code"] or next(free, "")


def _repeated(rows: Iterable[Any]) -> list[int]:
    """Places whose code stands earlier already; capitals make no difference, as in a spreadsheet's heading."""
    seen: set[str] = set()
    places = []
    for place, row in enumerate(rows):
        code = row["code"].lower()
        if code in seen:
            places.append(place)
        seen.add(code)
    return places


def _reserved(rows: Iterable[Any]) -> list[int]:
    return [place for place, row in enumerate(rows) if row["code"].lower() in RESERVED_CODES]


def _field_error(name: str, message: Any) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={name: ValidationError(message)})

"""The questions an editor adds below the official elements, as StreamField blocks.

Covers: the blocks, the checks an editor meets while saving, and the plain form ``definition.py`` builds on.
Leaves out: what is already published (``changes.py`` compares with that) and what makes a questionnaire unfit for
publication (``branching.py``): a draft may be incomplete.

A question is known by the id of its block; a label may be reworded, or be in any script, without touching an answer.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup

from surveys.blockparts import (
    POINT_LENGTH,
    ChoicesBlock,
    ConditionBlock,
    PointBlock,
    as_condition,
    blank,
    code_format,
    field_error,
    fill_codes,
    folded,
    other,
    recording,
    recordings,
    repeated_codes,
    text,
    texts,
    translations,
)
from surveys.definition import SECTION

# Columns of every export; a question under one of these names would hide them.
_COLUMNS = """id key receipt survey version channel language service agency region comment answers
sex age_band education occupation submitted_at submit_time period_on csrfmiddlewaretoken"""
RESERVED_CODES = frozenset(_COLUMNS.split())
MOST_QUESTIONS = 40
_CODE_HELP = _("Heading of the column in exports. Given automatically when empty; fixed after publishing.")


def layout(*own: str, translated: tuple[str, ...] = ("label", "help"), answered: bool = True) -> BlockGroup:
    """The editor's view of a question: its words, what is its own, and four groups that open with a click."""
    shown = ["label", "help", *own]
    if answered:
        shown.append("required")
    return BlockGroup(
        children=[
            *shown,
            folded(_("Translations"), translations(*translated), "globe"),
            folded(_("Read aloud"), ["audio_id", "audio_en", "audio_jv", "audio_mad"], "media"),
            "show_if",
            folded(_("Code"), ["code"] if answered else ["code", "required"], "code"),
        ]
    )


class QuestionBlock(blocks.StructBlock):
    """What every question has; the type decides the rest."""

    # What the definition calls it, where that is not the name of the block.
    kind = ""

    label = text(_("Question"), required=True)
    label_en = other("en")
    label_jv = other("jv")
    label_mad = other("mad")
    help = text(_("Explanation"))
    help_en = text(_("Explanation in English"), form_classname="spoken-en")
    help_jv = text(_("Explanation in Javanese"), form_classname="spoken-jv")
    help_mad = text(_("Explanation in Madurese"), form_classname="spoken-mad")
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    show_if = ConditionBlock(label=_("Ask only if"), required=False)
    code = blocks.CharBlock(
        label=_("Code"), max_length=30, required=False, validators=[code_format], help_text=_CODE_HELP
    )
    audio_id = recording("id")
    audio_en = recording("en")
    audio_jv = recording("jv")
    audio_mad = recording("mad")

    class Meta:
        form_layout = layout()
        label_format = "{label}"

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


class DateBlock(QuestionBlock):
    class Meta:
        icon = "date"
        label = _("Date")


class PhotoBlock(QuestionBlock):
    class Meta:
        icon = "image"
        label = _("Photo")


class ConsentBlock(QuestionBlock):
    class Meta:
        icon = "tick"
        label = _("Consent")


class SectionBlock(QuestionBlock):
    """A text to read between the questions; it takes no answer."""

    class Meta:
        icon = "title"
        label = _("Text between questions")
        form_layout = layout(answered=False)


class SingleBlock(QuestionBlock):
    choices = ChoicesBlock(label=_("Answers to choose from"))

    class Meta:
        icon = "radio-full"
        label = _("One of several")
        form_layout = layout("choices")

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
        form_layout = layout("min", "max")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        low, high = cleaned["min"], cleaned["max"]
        if low is not None and high is not None and low >= high:
            raise field_error("max", _("The highest value must be above the lowest."))
        return cleaned

    def details(self, value: Any) -> dict[str, Any]:
        # As text: a decimal survives JSON unchanged only so.
        return {name: str(value[name]) for name in ("min", "max") if value[name] is not None}


class ScaleBlock(QuestionBlock):
    """Each point with its own words."""

    points = blocks.ListBlock(
        PointBlock(),
        label=_("Points, from the lowest to the highest"),
        min_num=2,
        max_num=10,
        default=blank(PointBlock, 4),
        help_text=_("The first is number 1. Swapping two points changes what their answers mean."),
    )

    class Meta:
        icon = "pick"
        label = _("Scale")
        form_layout = layout("points")

    def details(self, value: Any) -> dict[str, Any]:
        rows = value["points"]
        options = {str(place): texts(row, "label") for place, row in enumerate(rows, start=1)}
        # Which words belong to which number is meaning, the words themselves are not.
        order = [row.id or str(place) for place, row in enumerate(rows.bound_blocks, start=1)]
        return {"min": 1, "max": len(options), "options": options, "points": " ".join(order)}


class RatingBlock(QuestionBlock):
    points = blocks.IntegerBlock(label=_("Number of points"), min_value=2, max_value=10, default=4)
    low_label = text(_("Words at the lowest point"), POINT_LENGTH)
    low_label_en = other("en", POINT_LENGTH)
    low_label_jv = other("jv", POINT_LENGTH)
    low_label_mad = other("mad", POINT_LENGTH)
    high_label = text(_("Words at the highest point"), POINT_LENGTH)
    high_label_en = other("en", POINT_LENGTH)
    high_label_jv = other("jv", POINT_LENGTH)
    high_label_mad = other("mad", POINT_LENGTH)

    class Meta:
        icon = "pick"
        label = _("Scale with words at its ends")
        form_layout = layout(
            "points", "low_label", "high_label", translated=("label", "help", "low_label", "high_label")
        )

    lowest = 1

    def details(self, value: Any) -> dict[str, Any]:
        low, high = self.lowest, value["points"]
        ends = {str(low): texts(value, "low_label"), str(high): texts(value, "high_label")}
        return {"min": low, "max": high, "options": {point: words for point, words in ends.items() if words["id"]}}


class ZeroToTenBlock(RatingBlock):
    """How likely, how satisfied: 0 to 10."""

    kind = "rating"
    lowest = 0
    points = blocks.IntegerBlock(label=_("Highest number"), min_value=10, max_value=10, default=10)

    class Meta:
        icon = "order"
        label = _("From 0 to 10")


class QuestionsBlock(blocks.StreamBlock):
    """All own questions of a survey. Block names are the types of ``definition.QUESTION_TYPES``, but for the kinds.

    Never take a block out: what is stored under an unknown name is dropped with the next save.
    """

    scale = ScaleBlock(group=_("Choose"))
    rating = RatingBlock(group=_("Choose"))
    zero_to_ten = ZeroToTenBlock(group=_("Choose"))
    yes_no = YesNoBlock(group=_("Choose"))
    single = SingleBlock(group=_("Choose"))
    multiple = MultipleBlock(group=_("Choose"))
    text = ShortTextBlock(group=_("Write"))
    long_text = LongTextBlock(group=_("Write"))
    number = NumberBlock(group=_("Write"))
    date = DateBlock(group=_("Write"))
    photo = PhotoBlock(group=_("Other"))
    consent = ConsentBlock(group=_("Other"))
    section = SectionBlock(group=_("Other"))

    class Meta:
        required = False
        max_num = MOST_QUESTIONS

    @cached_property
    def types(self) -> frozenset[str]:
        return frozenset(block.kind or name for name, block in self.child_blocks.items())

    def clean(self, value: Any, **kwargs: Any) -> Any:
        cleaned = super().clean(value, **kwargs)
        rows = [child.value for child in cleaned]
        fill_codes(rows, (f"p{number}" for number in range(1, 100)))
        errors = {place: field_error("code", _("This code is used twice.")) for place in repeated_codes(rows)}
        errors |= {place: field_error("code", _("This code is reserved.")) for place in _reserved(rows)}
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def as_questions(stream: Any, origins: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The stream as plain questions of a definition, in the editor's order. ``origins``: ids they were copied from."""
    identifiers = {child.value["code"].lower(): child.id for child in stream if child.value["code"]}
    return [_as_question(child, identifiers, origins or {}) for child in stream]


def _as_question(child: Any, identifiers: dict[str, str], origins: dict[str, str]) -> dict[str, Any]:
    value, kind = child.value, child.block.kind or child.block_type
    question = {
        "id": child.id,
        "code": value["code"],
        "type": kind,
        "required": bool(value["required"]) and kind != SECTION,
        "label": texts(value, "label"),
        "help": texts(value, "help"),
    }
    # Left out where there is none, so that questionnaires from before stay what they were.
    optional = {
        "show_if": as_condition(value["show_if"], identifiers),
        "audio": recordings(value),
        "derived_from": origins.get(child.id),
    }
    return question | {name: part for name, part in optional.items() if part} | child.block.details(value)


def _reserved(rows: list[Any]) -> list[int]:
    return [place for place, row in enumerate(rows) if row["code"].lower() in RESERVED_CODES]

"""Own words for the official questions: wording per language may be edited, nothing else about an element.

Regulations fix the elements, their order, scale and weight; how a question is put to citizens may be made plainer or
said in another language. Whatever is left empty stays as the instrument has it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup

from surveys.blockparts import field_error, folded, other, recording, recordings, text, translations
from surveys.definition import LANGUAGES


def element_choices() -> list[tuple[str, str]]:
    """Every element of every instrument; one that the survey does not ask is ignored."""
    rows = apps.get_model("surveys", "Element").objects.order_by("list_order").values_list("code", "name")
    return list(dict(rows).items())


class OfficialAnswerBlock(blocks.StructBlock):
    """Other words for one answer of an official question."""

    point = blocks.IntegerBlock(label=_("Number of the answer"), min_value=1, max_value=10)
    label = text(_("In Indonesian"))
    label_en = other("en")
    label_jv = other("jv")
    label_mad = other("mad")

    class Meta:
        icon = "radio-full"


class OfficialWordingBlock(blocks.StructBlock):
    element = blocks.ChoiceBlock(label=_("Element"), choices=element_choices)
    question = text(_("Question in Indonesian"), help_text=_("Empty: the words of the regulation."))
    question_en = other("en")
    question_jv = other("jv")
    question_mad = other("mad")
    answers = blocks.ListBlock(OfficialAnswerBlock(), label=_("Words of the answers"), default=[], required=False)
    audio_id = recording("id")
    audio_en = recording("en")
    audio_jv = recording("jv")
    audio_mad = recording("mad")

    class Meta:
        icon = "openquote"
        label = _("Words of an official question")
        label_format = "{element}"
        form_layout = BlockGroup(
            children=[
                "element",
                "question",
                *translations("question"),
                folded(_("Words of the answers"), ["answers"], "radio-full"),
                folded(_("Read aloud"), ["audio_id", "audio_en", "audio_jv", "audio_mad"], "media"),
            ]
        )


class OfficialWordingsBlock(blocks.StreamBlock):
    wording = OfficialWordingBlock()

    class Meta:
        required = False
        max_num = 20

    def clean(self, value: Any, **kwargs: Any) -> Any:
        cleaned = super().clean(value, **kwargs)
        seen: set[str] = set()
        errors = {}
        for place, child in enumerate(cleaned):
            if child.value["element"] in seen:
                errors[place] = field_error("element", _("This element already has its words above."))
            seen.add(child.value["element"])
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def as_wordings(stream: Any) -> dict[str, dict[str, Any]]:
    """By element code: ``question`` and ``options`` with the texts that replace the instrument's, and ``audio``."""
    return {child.value["element"]: _as_wording(child.value) for child in stream if child.value["element"]}


def _as_wording(value: Any) -> dict[str, Any]:
    options = {str(row["point"]): _given(row, "label") for row in value["answers"] if row["point"]}
    return {
        "question": _given(value, "question"),
        "options": {point: words for point, words in options.items() if words},
        "audio": recordings(value),
    }


def _given(value: Any, name: str) -> dict[str, str]:
    names = {language: name if language == "id" else f"{name}_{language}" for language in LANGUAGES}
    return {language: words for language, field in names.items() if (words := value.get(field))}

"""An export without what people wrote in their own words: the default, because a text may say who wrote it."""

from __future__ import annotations

from surveys.definition import PERSONAL_TYPES

from .layout import Column, Layout

_GROUPS = frozenset({"comment", "reason"})


class WithoutTexts(Layout):
    """The same columns but comment, reasons, and own questions answered in words or with a photo."""

    @property
    def columns(self) -> list[Column]:
        personal = {question.id for question in self.questions if question.type in PERSONAL_TYPES}
        return [row for row in super().columns if row.group not in _GROUPS and row.source not in personal]

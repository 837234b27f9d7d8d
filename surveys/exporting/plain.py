"""An export without what people wrote in their own words: the default, because a text may say who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from surveys.definition import PERSONAL_TYPES

from .layout import Column, Layout

_GROUPS = frozenset({"comment", "reason"})


class WithoutTexts(Layout):
    """The same columns but comment, reasons, and own questions answered in words or with a photo."""

    @property
    def columns(self) -> list[Column]:
        every = super().columns
        return [every[place] for place in self._kept()]

    def reader(self) -> Callable[[Sequence[Any]], list[Any]]:
        read, pick = super().reader(), itemgetter(*self._kept())
        return lambda row: list(pick(read(row)))

    def _kept(self) -> list[int]:
        personal = {question.id for question in self.questions if question.type in PERSONAL_TYPES}
        columns = enumerate(super().columns)
        return [place for place, row in columns if row.group not in _GROUPS and row.source not in personal]

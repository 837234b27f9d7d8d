"""Cells as a format writes them, each value turned once: nearly all of an export are the same few codes and scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Forgotten when full, so that ids, moments and people's words never pile up.
KEPT = 4_096
_LONG = 100


class Written(dict[Any, str]):
    """``written[value]``; values are texts, whole numbers and None, and equal ones are written alike."""

    def __init__(self, write: Callable[[Any], str]):
        super().__init__()
        self.write = write

    def __missing__(self, value: Any) -> str:
        text = self.write(value)
        if len(text) <= _LONG:
            if len(self) >= KEPT:
                self.clear()
            self[value] = text
        return text

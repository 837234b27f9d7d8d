"""Parts of addresses."""

from __future__ import annotations

from django.urls import register_converter

from core.periods import KEY_PATTERN, Period, any_period_from_key


class PeriodConverter:
    """``2026``, ``2026Q3``, ``2026S1``, ``2026-07`` or ``20260115-20260220``; anything else is no address of ours."""

    regex = KEY_PATTERN

    def to_python(self, value: str) -> Period:
        return any_period_from_key(value)

    def to_url(self, value: Period | str) -> str:
        return value.key if isinstance(value, Period) else value


register_converter(PeriodConverter, "period")

"""Texts with a shape: answers line by line, grades line by line; read here, shown the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.grade_tables import Fault, Row, with_uppers

LANGUAGES = {
    "id": gettext_lazy("Indonesian"),
    "en": gettext_lazy("English"),
    "jv": gettext_lazy("Javanese"),
    "mad": gettext_lazy("Madurese"),
}
ANSWER_LENGTH = 120
GRADE_LENGTH, WORD_LENGTH = 4, 60
FAULTS = {
    Fault.EMPTY: gettext_lazy("Enter at least one grade."),
    Fault.SAME_GRADE: gettext_lazy("Grade %(grade)s stands here twice."),
    Fault.UPSIDE_DOWN: gettext_lazy("Grade %(grade)s ends before it begins."),
    Fault.OVERLAP: gettext_lazy("Grade %(grade)s begins inside the grade below it."),
    Fault.GAP: gettext_lazy(
        "Between grade %(grade)s and the one below it is more than 0.01: an index in between would have no grade."
    ),
    Fault.BOTTOM: gettext_lazy("Grade %(grade)s must begin at the lowest possible index, %(lowest)s."),
    Fault.ABOVE_TOP: gettext_lazy("No index is above 100: grade %(grade)s ends too high."),
    Fault.BELOW_TOP: gettext_lazy("The best grade must end at 100."),
}


class LinesField(forms.CharField):
    """One text per line, in order; empty lines are left out."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> list[str]:
        return [line for text in str(value or "").splitlines() if (line := " ".join(text.split()))]

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: list[str]) -> None:
        if any(len(line) > ANSWER_LENGTH for line in value):
            raise ValidationError(_("An answer has at most %(most)d characters.") % {"most": ANSWER_LENGTH})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class GradesField(forms.CharField):
    """A grade table as text: grade; word; lowest index; highest index."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> list[tuple[str, str, Row]]:
        return [_grade_line(number, line) for number, line in enumerate(_lines(value), start=1)]

    def validate(self, value: list[tuple[str, str, Row]]) -> None:
        """Whether the table covers the range is asked by the form, which knows the scale."""

    def run_validators(self, value: Any) -> None:
        pass


def _lines(value: Any) -> list[str]:
    return [line for line in str(value or "").splitlines() if line.strip()]


def _grade_line(number: int, line: str) -> tuple[str, str, Row]:
    parts = [part.strip() for part in re.split(r"[;\t]", line)]
    if len(parts) != 4 or not 0 < len(parts[0]) <= GRADE_LENGTH or not 0 < len(parts[1]) <= WORD_LENGTH:
        raise ValidationError(_("Line %(number)d: write grade; word; from; to.") % {"number": number})
    try:
        lower, upper = (_index(part) for part in parts[2:])
    except (InvalidOperation, ValueError) as error:
        raise ValidationError(
            _("Line %(number)d: from and to are numbers with two decimals.") % {"number": number}
        ) from error
    return parts[0], parts[1], Row(parts[0], lower, upper)


def _index(text: str) -> Decimal:
    value = Decimal(text.replace(",", "."))
    if not value.is_finite() or value != value.quantize(Decimal("0.01")):
        raise ValueError(text)
    return value.quantize(Decimal("0.01"))


def as_bands(rows: Iterable[tuple[str, str, Row]]) -> list[dict[str, str]]:
    """A checked table as stored, best grade first."""
    ordered = sorted(rows, key=lambda row: row[2].lower, reverse=True)
    return [{"grade": grade, "label": word, "lower": str(row.lower)} for grade, word, row in ordered]


def printed_bands(bands: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A stored table with both bounds."""
    stored = list(bands)
    words = {band["grade"]: band["label"] for band in stored}
    rows = with_uppers([(band["grade"], Decimal(str(band["lower"]))) for band in stored])
    return [{"grade": row.grade, "word": words[row.grade], "lower": row.lower, "upper": row.upper} for row in rows]


def bands_text(bands: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(f"{row['grade']}; {row['word']}; {row['lower']}; {row['upper']}" for row in printed_bands(bands))

"""How a cell's text becomes a value, with messages a clerk understands."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from import_export.widgets import Widget

# Excel and people in Indonesia write the day first.
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
YES = frozenset({"1", "true", "yes", "y", "ya"})
NO = frozenset({"0", "false", "no", "n", "tidak"})


class TextWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return str(value or "").strip()


class ChoiceWidget(Widget):
    """Accepts the stored code, the label on screen or a known word, in any case."""

    def __init__(self, choices: type[TextChoices], words: dict[str, str] | None = None):
        super().__init__()
        self.choices, self.words = choices, words or {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        text = str(value or "").strip().lower()
        if not text:
            return None
        known = {code.lower(): code for code in self.choices.values}
        known |= {str(label).lower(): code for code, label in self.choices.choices} | self.words
        if text not in known:
            expected = ", ".join(self.choices.values)
            raise ValueError(
                _("“%(value)s” is not known here. Use one of: %(expected)s.") % {"value": value, "expected": expected}
            )
        return known[text]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


class DayWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        for pattern in DATE_FORMATS:
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        raise ValueError(_("“%(value)s” is not a date. Write it as 2026-01-31 or 31/01/2026.") % {"value": value})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class YesNoWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        text = str(value or "").strip().lower()
        if not text:
            return None
        if text not in YES | NO:
            raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": value})
        return text in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "true" if value else "false"


class CodeWidget(Widget):
    """A row of another table named by its code, looked up only in what the import may touch."""

    def __init__(self, missing: Any):
        super().__init__()
        self.missing = missing
        self.queryset: QuerySet | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        code = str(value or "").strip()
        if not code or self.queryset is None:
            return None
        found = self.queryset.filter(code=code).first()
        if found is None:
            raise ValueError(self.missing % {"code": code})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""

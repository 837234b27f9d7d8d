"""The form of one routing rule; a list of them is the editor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import Choices
from workflows.routing import LONGEST_WORD, MOST_RULES, MOST_WORDS

BLANK_ROWS = 3


class RuleForm(forms.Form):
    """Conditions, then the result. Words are separated by commas; one of them is enough."""

    words = forms.CharField(
        label=_("Words"), required=False, max_length=MOST_WORDS * LONGEST_WORD, help_text=_("Separated by commas.")
    )
    category = forms.ChoiceField(label=_("Topic"), required=False)
    service = forms.TypedChoiceField(label=_("Service"), required=False, coerce=int, empty_value=0)
    district = forms.TypedChoiceField(label=_("District"), required=False, coerce=int, empty_value=0)
    village = forms.TypedChoiceField(label=_("Village"), required=False, coerce=int, empty_value=0)
    point = forms.CharField(label=_("Service point code"), required=False, max_length=20)
    agency = forms.TypedChoiceField(label=_("Suggest this agency"), coerce=int)
    set_category = forms.ChoiceField(label=_("Suggest this topic"), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], villages: dict[int, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options
        self.fields["village"].choices = [("", "–"), *villages.get(self._district(), [])]

    def _district(self) -> int:
        """Villages are offered once the district was chosen and the list saved or tried."""
        given = self.data.get(self.add_prefix("district")) if self.is_bound else self.initial.get("district")
        return int(given) if str(given or "").isdecimal() else 0

    def clean_point(self) -> str:
        return self.cleaned_data["point"].replace("-", "").replace(" ", "").upper()

    def row(self) -> dict[str, Any]:
        """The rule as it is stored; empty conditions are left out."""
        values = {name: self.cleaned_data.get(name) for name in self.fields if name not in ("DELETE", "ORDER", "words")}
        words = [word.strip() for word in self.cleaned_data.get("words", "").split(",")]
        return {**{name: value for name, value in values.items() if value}, "words": [word for word in words if word]}


RuleFormSet = forms.formset_factory(
    RuleForm,
    extra=BLANK_ROWS,
    can_order=True,
    can_delete=True,
    max_num=MOST_RULES,
    validate_max=True,
    absolute_max=MOST_RULES + BLANK_ROWS,
)


def rows_of(formset: Any) -> list[dict[str, Any]]:
    """Rules in the order the editor gave them."""
    return [form.row() for form in formset.ordered_forms if form.has_changed() or form.initial]


def initial_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "words": ", ".join(row.get("words", []))} for row in rows]

"""Forms of the queue: what to list, a name for it, and what to do with many cases at once."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workflows.forms import Choices
from workflows.states import Status

STATUSES = [("", _("All statuses")), *Status.choices]


class PlainSelect(forms.Select):
    """The same as Django's, whose templates take a hundred times as long for each of the many options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '  <option value="{}"{}>{}</option>\n',
            ((code, mark_safe(" selected") if str(code) == chosen else "", label) for code, label in self.choices),
        )
        return format_html('<select name="{}"{}>\n{}</select>', name, flatatt({**self.attrs, **(attrs or {})}), options)


class QueueForm(forms.Form):
    """Filters stand in the address, so a list can be sent to a colleague or kept under a name."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("Words of the report or of a message, or a complaint number."),
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATUSES, widget=PlainSelect)
    agency = forms.ChoiceField(label=_("Agency"), required=False, widget=PlainSelect)
    category = forms.ChoiceField(label=_("Topic"), required=False, widget=PlainSelect)
    overdue = forms.BooleanField(label=_("Only late ones"), required=False)
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    unassigned = forms.BooleanField(label=_("Without an officer"), required=False)
    arbiter = forms.BooleanField(label=_("Waiting for the arbiter"), required=False)
    undelivered = forms.BooleanField(label=_("News did not reach the reporter"), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options

    def clean_arbiter(self) -> bool:
        """Only what came back from two agencies waits there, and that is verified again."""
        asked = self.cleaned_data["arbiter"]
        if asked and self.cleaned_data.get("status") not in (None, "", Status.VERIFIED):
            raise forms.ValidationError(_("Cases in this status do not wait for the arbiter."), code="status")
        return bool(asked)


class SaveFilterForm(forms.Form):
    name = forms.CharField(label=_("Name of this filter"), max_length=60)
    region = forms.ChoiceField(label=_("For whom"), required=False)
    query = forms.CharField(max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, regions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["region"].choices = [("", _("Only for me")), *regions]

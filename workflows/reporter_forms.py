"""Small forms of the reporter's own page and of followers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows.contact import MESSENGERS, ContactBy
from workflows.forms import LONGEST_EMAIL, contact_field, number_for_messages, phone_field

VERDICTS = (("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No")))


def _stars(number: int) -> Any:
    return ngettext_lazy("%(number)d star", "%(number)d stars", number) % {"number": number}


class RatingForm(forms.Form):
    """One to five stars and two questions."""

    stars = forms.TypedChoiceField(
        label=_("How satisfied are you with how your case was handled?"),
        coerce=int,
        choices=[(number, _stars(number)) for number in range(5, 0, -1)],
        widget=forms.RadioSelect,
    )
    is_remedied = forms.ChoiceField(label=_("Is the problem solved?"), choices=VERDICTS, widget=forms.RadioSelect)
    was_clear = forms.ChoiceField(label=_("Was the answer clear?"), choices=VERDICTS, widget=forms.RadioSelect)


class HideForm(forms.Form):
    """More privacy; what is hidden stays hidden."""

    name = forms.BooleanField(label=_("Hide my name from the office"), required=False)
    content = forms.BooleanField(label=_("Hide the content from the public"), required=False)


class ContactForm(forms.Form):
    """Where news of the case goes; an address left empty stays as it is."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = phone_field()
    contact_by = contact_field(required=True)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mail_only = [(way.value, way.label) for way in ContactBy if way not in MESSENGERS]
        self.fields["contact_by"].choices = ways or mail_only
        if not ways:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return number_for_messages(typed) if typed else ""

    @property
    def address_name(self) -> str:
        """The field of the address for the chosen way."""
        return "phone" if self.cleaned_data["contact_by"] in MESSENGERS else "email"

    @property
    def address(self) -> str:
        """The new address for the chosen way; empty where it stays."""
        return self.cleaned_data.get(self.address_name, "")


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_EMAIL,
        help_text=_("You get one message with a button. Only when you press it do you follow this case."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # People leave it empty; programs that fill every field do not.
    website = forms.CharField(required=False, max_length=200)

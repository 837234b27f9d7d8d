"""Small forms of the reporter's own page and of followers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from workflows.forms import LONGEST_EMAIL

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


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_EMAIL,
        help_text=_("You get one message with a button. Only when you press it do you follow this case."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # People leave it empty; programs that fill every field do not.
    website = forms.CharField(required=False, max_length=200)

"""Forms of the staff's privacy screens. Choices come from the view, because forms know no rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    """The words the public will read, checked by a person."""

    title = forms.CharField(label=_("Title"), max_length=150)
    body = forms.CharField(label=_("Description"), max_length=6000, widget=forms.Textarea(attrs={"rows": 8}))
    answer = forms.CharField(
        label=_("Answer"), max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    checked = forms.BooleanField(
        label=_("I have read it: nobody's personal data stands here, and the photos are not shown.")
    )


class ConflictForm(forms.Form):
    """Whom a case is about: one office or one person."""

    agency = forms.ChoiceField(label=_("Office"), required=False)
    user = forms.ChoiceField(label=_("Person"), required=False)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], users: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", "–"), *agencies]
        self.fields["user"].choices = [("", "–"), *users]


class EraseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=10, max_length=250)
    sure = forms.BooleanField(label=_("This cannot be undone."))


class RuleForm(forms.Form):
    """How long a topic's reporters are kept."""

    category = forms.ChoiceField(label=_("Topic"), required=False)
    days = forms.IntegerField(label=_("Days after the end"), min_value=30, max_value=36500)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Every topic without a rule of its own")), *categories]


class PauseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it paused?"), min_length=10, max_length=250, help_text=_("For example: a court asks for cases.")
    )


class LetterForm(forms.Form):
    """A region's wording; both empty: back to the wording that comes with the program."""

    subject = forms.CharField(label=_("Subject"), max_length=150, required=False)
    body = forms.CharField(label=_("Text"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 10}))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if bool(data.get("subject", "").strip()) != bool(data.get("body", "").strip()):
            raise forms.ValidationError(_("Write both a subject and a text, or neither."), code="half")
        return data


class MessagesForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label=_("Messages by e-mail"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = purposes

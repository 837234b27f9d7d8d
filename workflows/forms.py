"""Forms of the citizen's side. They check what was typed; choices come from the view, because forms know no rows."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.contact import MESSENGERS, ContactBy, phone_of
from workflows.states import Klass
from workflows.uploads import ACCEPT

Choices = list[tuple[str, Any]]
# An address in the outbox is sealed and must fit its column.
LONGEST_EMAIL = 120
PHONE = r"^\+?[0-9 ()./-]{6,20}$"


class FilesInput(forms.ClearableFileInput):
    """A plain file field that takes several files; what is already kept is listed beside it."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Files are checked and kept by the view before the form is validated; here they only show their messages."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


def files_field(label: Any) -> FilesField:
    return FilesField(
        label=label,
        required=False,
        help_text=_("Up to five photos or PDF files, 5 MB each. Location data is removed from photos."),
        widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT}),
    )


def phone_field() -> forms.RegexField:
    """A number however it is grouped; one a message goes to is read again by ``phone_of``."""
    return forms.RegexField(
        PHONE,
        label=_("Phone or WhatsApp"),
        required=False,
        error_messages={"invalid": _("Enter a phone number, digits only.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


def number_for_messages(typed: str) -> str:
    """The one form of a number that gateways know. Raises ``ValidationError``."""
    try:
        return phone_of(typed)
    except ValueError as problem:
        raise forms.ValidationError(_("Please give the number to write to."), code="needed") from problem


def contact_field(*, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How should news of your case reach you?"),
        required=required,
        choices=ContactBy.choices,
        widget=forms.RadioSelect,
    )


class ComplaintForm(forms.Form):
    """What, where, when, and, if the reporter wants, who."""

    klass = forms.ChoiceField(label=_("What do you want to send?"), widget=forms.RadioSelect, initial=Klass.COMPLAINT)
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        min_length=5,
        help_text=_("In a few words, for example: street light out for two weeks."),
    )
    body = forms.CharField(
        label=_("What happened?"),
        min_length=20,
        max_length=5000,
        help_text=_(
            "What, who, and what you expect. Please leave out identity card numbers and names of other people."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    category = forms.ChoiceField(label=_("Topic"), required=False)
    about = forms.ChoiceField(label=_("Service or office"), required=False)
    district = forms.ChoiceField(label=_("District (kecamatan)"), required=False)
    village = forms.ChoiceField(label=_("Village (desa or kelurahan)"), required=False)
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Street, landmark or building.")
    )
    incident_on = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    files = files_field(_("Photos or documents"))
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = phone_field()
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=LONGEST_EMAIL,
        help_text=_("We write to you here when your case moves."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # Shown only where a messenger is connected (``offer_ways``).
    contact_by = contact_field()
    is_anonymous = forms.BooleanField(
        label=_("Keep my name hidden"),
        required=False,
        help_text=_(
            "The office you complain about does not see who you are; only the complaint desk can, with a logged reason."
        ),
    )
    is_confidential = forms.BooleanField(
        label=_("Keep the content hidden"),
        required=False,
        help_text=_("Your report does not appear in public lists; only the officers who handle it read it."),
    )
    # People leave it empty; programs that fill every field do not.
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, choices: dict[str, Choices], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["klass"].choices = Klass.choices
        self.fields["incident_on"].widget.attrs["max"] = today.isoformat()
        for name, options in choices.items():
            self.fields[name].choices = options

    def clean_incident_on(self) -> date | None:
        on = self.cleaned_data["incident_on"]
        if on and on > self.today:
            raise forms.ValidationError(_("The date lies in the future."), code="future")
        return on

    def offer_ways(self, ways: Choices) -> None:
        """Show how news can reach the reporter here; nothing where there is only e-mail."""
        if not ways:
            del self.fields["contact_by"]
            return
        self.fields["contact_by"].choices = ways
        self.initial.setdefault("contact_by", ContactBy.EMAIL)

    def clean(self) -> dict[str, Any]:
        """A messenger needs a number, kept in the one form that gateways know."""
        typed = super().clean() or self.cleaned_data
        if typed.get("contact_by") in MESSENGERS and "phone" in typed:
            try:
                typed["phone"] = number_for_messages(typed["phone"])
            except forms.ValidationError as problem:
                self.add_error("phone", problem)
        return typed

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty."), code="trap")
        return ""


class TrackForm(forms.Form):
    reference = forms.CharField(
        label=_("Complaint number"),
        max_length=24,
        help_text=_("For example BKL-2026-000123."),
        widget=forms.TextInput(attrs={"class": "input--code", "autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Secret code"),
        max_length=40,
        help_text=_("Sixteen letters and digits from your receipt."),
        widget=forms.TextInput(attrs={"class": "input--code", "autocomplete": "off", "spellcheck": "false"}),
    )


class ReplyForm(forms.Form):
    """Words of the reporter about an own case."""

    words = forms.CharField(
        label=_("Your message"),
        min_length=2,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    files = files_field(_("Photos or documents"))

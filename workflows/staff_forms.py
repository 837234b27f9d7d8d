"""Forms of the staff's moves. They check what was typed; who may make a move is asked by the services."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import Choices, ComplaintForm, files_field
from workflows.states import FEWEST_PARTS, MOST_PARTS, Channel, Klass

LONGEST_WORDS = 5000
OLDEST_ENTRY = timedelta(days=366)


def words_field(label: Any, hint: Any = "", *, minimum: int = 10, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        min_length=minimum if required else None,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def reason_field(label: Any = "", *, required: bool = True) -> forms.ChoiceField:
    """Filled with what the region offers for the kind that the form names."""
    return forms.ChoiceField(label=label or _("Reason"), required=required)


class MoveForm(forms.Form):
    """A move; ``choices`` fill the selects that show rows of the database, ``reasons`` names the kind of reason."""

    reasons = ""
    # Which rows fill which select.
    picks = {"agency": "agency", "category": "category", "assignee": "assignee"}

    def __init__(self, *args: Any, choices: dict[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = options


class NoteForm(MoveForm):
    note = words_field(_("Note for colleagues"), _("The reporter does not see it."), required=False)


class QuestionForm(MoveForm):
    question = words_field(
        _("Question to the reporter"),
        _("Ask for everything that is missing at once; the clock stands still meanwhile."),
    )


class ForwardForm(MoveForm):
    agency = forms.ChoiceField(label=_("Agency"))
    note = words_field(_("Note for the agency"), _("The reporter does not see it."), required=False)


class SplitForm(MoveForm):
    """A task for each of two to four agencies."""

    numbers = range(1, MOST_PARTS + 1)
    picks = {"agency_1": "agency", "agency_2": "agency", "agency_3": "agency", "agency_4": "agency"}
    agency_1 = forms.ChoiceField()
    agency_2 = forms.ChoiceField()
    agency_3 = forms.ChoiceField(required=False)
    agency_4 = forms.ChoiceField(required=False)
    note = words_field(_("Note for colleagues"), _("The reporter does not see it."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in self.numbers:
            values = {"number": number}
            self.fields[f"agency_{number}"].label = _("Agency %(number)d") % values
            label = _("What agency %(number)d is to do") % values
            self.fields[f"task_{number}"] = words_field(label, required=number <= FEWEST_PARTS)
        self.order_fields([f"{name}_{number}" for number in self.numbers for name in ("agency", "task")])

    def clean(self) -> dict[str, Any]:
        """Pairs of agency and task; one without the other is said beside its field."""
        typed = super().clean() or {}
        rows = [(n, typed.get(f"agency_{n}", ""), typed.get(f"task_{n}", "")) for n in self.numbers]
        for number, agency, task in rows[FEWEST_PARTS:]:
            if bool(agency) != bool(task):
                missing = "task" if agency else "agency"
                self.add_error(f"{missing}_{number}", _("Choose an agency and say what it is to do."))
        return {"tasks": [row[1:] for row in rows if all(row)], "note": typed.get("note", "")}


class TakeBackForm(MoveForm):
    words = words_field(_("Why"), _("The agencies read it; the reporter does not."))


class AcceptForm(MoveForm):
    assignee = forms.ChoiceField(label=_("Officer who works on it"), required=False)


class ExtendForm(MoveForm):
    """Once per case; the words go to the reporter as a letter."""

    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=60)
    reason = words_field(_("Reason for the reporter"), _("The reporter reads it in a letter, with your name."))
    appeal_contact = forms.CharField(
        label=_("Whom to contact against it"), min_length=5, max_length=200, help_text=_("Office and phone or e-mail.")
    )


class ReturnForm(MoveForm):
    reasons = "return"
    reason = reason_field()
    explanation = words_field(_("Why, and which agency is the right one"))


class HoldForm(MoveForm):
    reasons = "hold"
    reason = reason_field()
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    explanation = words_field(_("Explanation"), _("The reporter reads it. The clock runs on."))


class EvidenceForm(MoveForm):
    """Evidence, or why there is none."""

    files = files_field(_("Evidence"))
    no_evidence_reason = forms.CharField(
        label=_("No evidence? Say why"),
        required=False,
        max_length=500,
        help_text=_("At least ten characters; colleagues read it."),
    )


class AnswerForm(EvidenceForm):
    field_order = ["answer", "files", "no_evidence_reason"]
    answer = words_field(_("Answer to the reporter"), _("What was done, where and when."), minimum=20)


class CloseForm(EvidenceForm):
    field_order = ["result", "reason", "files", "no_evidence_reason"]
    reasons = "close"
    result = words_field(_("Result"), _("The reporter reads it."), minimum=20)
    reason = reason_field(_("How it ended"), required=False)


class ReferForm(MoveForm):
    reasons = "refer"
    body = forms.CharField(label=_("Body that is responsible"), min_length=3, max_length=200)
    number = forms.CharField(label=_("Number of the case there"), required=False, max_length=60)
    reason = reason_field()
    explanation = words_field(_("Explanation to the reporter"))


class DuplicateForm(MoveForm):
    parent = forms.CharField(
        label=_("Number of the earlier complaint"), max_length=24, help_text=_("For example BKL-2026-000123.")
    )


class RejectForm(MoveForm):
    reasons = "reject"
    reason = reason_field()
    explanation = words_field(_("Explanation to the reporter"), _("Include how to appeal."))


class ReviewForm(MoveForm):
    words = words_field(_("Why the case is looked at again"))


class MessageForm(MoveForm):
    words = words_field(_("Message to the reporter"), minimum=2)
    files = files_field(_("Files"))


class InternalNoteForm(MoveForm):
    words = words_field(_("Note for colleagues"), _("The reporter does not see it."), minimum=2)


class AssignForm(MoveForm):
    assignee = forms.ChoiceField(label=_("Officer"))


class ReclassifyForm(MoveForm):
    klass = forms.ChoiceField(label=_("Class"), choices=Klass.choices)
    category = forms.ChoiceField(label=_("Topic"), required=False)
    is_supervision = forms.BooleanField(
        label=_("Needs an inspection"), required=False, help_text=_("A longer limit holds from the day of receipt.")
    )


class RevealForm(forms.Form):
    reason = words_field(
        _("Why do you need to know who the reporter is?"), _("The reporter sees who opened the identity, and why.")
    )


# What an officer types in for somebody; the website and its QR codes file by themselves.
DESK_CHANNELS = (Channel.COUNTER, Channel.PHONE, Channel.LETTER, Channel.EMAIL, Channel.SOCIAL)


class EntryForm(ComplaintForm):
    """The citizen's form, filled in by an officer; deadlines count from when it came in."""

    field_order = ["channel", "received_at", "late_reason"]
    channel = forms.ChoiceField(label=_("How it came in"), choices=[(c.value, c.label) for c in DESK_CHANNELS])
    received_at = forms.DateTimeField(
        label=_("Received on"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("Day and time at which the letter, call or visitor arrived. Deadlines count from here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    late_reason = forms.CharField(
        label=_("Why was it not entered at once?"),
        required=False,
        max_length=250,
        help_text=_("Needed when it came in longer ago than you may enter alone; a supervisor then decides."),
    )
    website = None

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["body"].help_text = _("In the reporter's own words, without identity card numbers.")
        self.fields["name"].label = _("Name of the reporter")
        self.fields["email"].help_text = _("News of the case goes here.")

    def clean_received_at(self) -> datetime:
        received = self.cleaned_data["received_at"]
        if received > self.now:
            raise forms.ValidationError(_("This moment lies in the future."), code="future")
        if received < self.now - OLDEST_ENTRY:
            raise forms.ValidationError(_("This is more than a year ago; please check the date."), code="too_old")
        return received

    def clean_website(self) -> str:
        """The trap for programs has no place here."""
        return ""


class DecisionForm(forms.Form):
    """What a supervisor says about an entry that is dated back."""

    words = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=250,
        help_text=_("Needed to refuse; the officer reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

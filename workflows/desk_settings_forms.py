"""The form of a complaint desk's settings; limits keep a typing error from stopping the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.sampling import LEAST_SHARE, WHOLE_SHARE


class DeskSettingsForm(forms.Form):
    mail_address = forms.EmailField(
        label=_("Address for complaints by e-mail"),
        required=False,
        help_text=_("Mail to this address becomes a complaint. Leave empty to take none."),
    )
    backdate_days = forms.IntegerField(
        label=_("Working days an officer may date an entry back"),
        min_value=0,
        max_value=60,
        help_text=_("An earlier day of receipt waits for a supervisor."),
    )
    info_wait_days = forms.IntegerField(
        label=_("Working days to wait for information"),
        min_value=1,
        max_value=60,
        help_text=_("Then the case goes back to the verifier."),
    )
    reopen_days = forms.IntegerField(
        label=_("Days in which a closed case may be reopened"),
        min_value=1,
        max_value=365,
        help_text=_("Calendar days."),
    )
    sample_percent = forms.IntegerField(
        label=_("Closed cases looked at again, in per cent"),
        min_value=LEAST_SHARE,
        max_value=WHOLE_SHARE,
        help_text=_("Drawn by lot; somebody who did not handle the case looks at it."),
    )
    shows_officer = forms.BooleanField(
        label=_("Reporters read the officer's name"),
        required=False,
        help_text=_("Otherwise they read the office only."),
    )
    dossier_after_days = forms.IntegerField(
        label=_("Working days until a dossier for the Ombudsman is offered"), min_value=1, max_value=250
    )

    def clean_mail_address(self) -> str:
        address: str = self.cleaned_data["mail_address"].strip().lower()
        if "+" in address.partition("@")[0]:
            # What stands behind a plus is the token of an answer.
            raise forms.ValidationError(_("The address may have no plus sign."), code="plus")
        return address

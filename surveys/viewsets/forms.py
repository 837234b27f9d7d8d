"""Forms of the service point screens."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from core.models import Service
from surveys.models import ServicePoint
from surveys.selectors.staff import surveys_to_hand_out
from surveys.services.points import create_point


class ServicePointForm(WagtailAdminModelForm):
    """The survey is chosen once; answers of a point all belong to it."""

    class Meta:
        model = ServicePoint
        fields = ["survey", "service", "name", "kind"]
        help_texts = {
            "name": _("What visitors see, for example “Loket 3”."),
            "service": _("Leave empty where several services are given; the citizen then chooses."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        surveys = surveys_to_hand_out(self.for_user)
        self.fields["survey"].queryset = surveys
        agencies = surveys.values("agency")
        if self.instance.pk:
            del self.fields["survey"]
            agencies = [self.instance.agency_id]
        services = Service.objects.filter(agency__in=agencies).select_related("agency")
        self.fields["service"].queryset = services
        self.fields["service"].empty_label = _("Several services")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        survey = self.instance.survey if self.instance.pk else cleaned.get("survey")
        service = cleaned.get("service")
        if survey and service and service.agency_id != survey.agency_id:
            self.add_error("service", _("This service belongs to another agency than the survey."))
        return cleaned

    def save(self, commit: bool = True) -> ServicePoint:
        if self.instance.pk:
            return super().save(commit=commit)
        given = self.cleaned_data
        self.instance = create_point(
            survey=given["survey"], name=given["name"], kind=given["kind"], service=given["service"]
        )
        return self.instance


class CodeForm(forms.Form):
    """Why a printed code stops working; the reason stays in the list of revoked codes."""

    action = forms.ChoiceField(
        label=_("What should happen?"),
        choices=[
            ("rotate", _("New code: print and hang up the poster again")),
            ("retire", _("Take the point out of use")),
        ],
        widget=forms.RadioSelect,
        initial="rotate",
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: poster was copied, counter closed.")
    )

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_("Please give a reason."))
        return reason

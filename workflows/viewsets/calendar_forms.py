"""Forms for time limits and reminder rules; calendars change by a proposal (``change_forms``)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.models import Agency
from workflows.calendar_policies import administered_regions, may_change_national
from workflows.models import SlaPolicy
from workflows.selectors.limits import has_cases
from workflows.selectors.policies import REGION_CLOCKS
from workflows.services.policies import supersede_policy


class LocalScopeForm(WagtailAdminModelForm):
    """Offers the regions and agencies of the person; no region, where allowed, means the whole country."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        regions = administered_regions(self.for_user)
        self.fields["region"].queryset = regions
        self.fields["region"].required = not may_change_national(self.for_user)
        self.fields["agency"].queryset = Agency.objects.filter(region__in=regions).in_tree_order()
        if self.instance.pk is None and len(regions) == 1:
            self.initial["region"] = regions[0].pk

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        agency = data.get("agency")
        if agency and agency.region != data.get("region"):
            self.add_error("agency", _("This agency lies in another region."))
        return data


class LimitForm(LocalScopeForm):
    """A limit that no clock has used yet."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if SlaPolicy.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a limit with this code. Make a new version of it instead."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("agency") and data.get("clock") in REGION_CLOCKS:
            self.add_error("agency", _("This clock is the same for the whole region. Leave the agency empty."))
        if self.instance.pk and has_cases(self.instance):
            self.add_error(None, _("Cases have been filed under this limit. Make a new version instead."))
        return data


class NewVersionForm(forms.ModelForm):
    """What the next version of a limit says; whom it is for stays as it is."""

    class Meta:
        model = SlaPolicy
        fields = ("valid_from", "number", "unit", "source", "certainty", "note")
        widgets = {"valid_from": AdminDateInput}

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.current = SlaPolicy.objects.get(pk=self.instance.pk)
        self.initial["valid_from"] = None

    def clean_valid_from(self) -> date:
        valid_from = self.cleaned_data["valid_from"]
        if valid_from <= self.current.valid_from:
            raise ValidationError(_("The new version must start after the present one."))
        return valid_from

    def save(self, commit: bool = True) -> SlaPolicy:
        return supersede_policy(policy=self.current, **self.cleaned_data)

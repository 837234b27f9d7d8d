"""Forms for calendars, office hours and time limits; every change of a calendar makes a new version."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.models import Agency
from workflows.calendar_policies import administered_regions, may_change_national
from workflows.models import CalendarLayer, SlaPolicy, WorkingHours, WorkingWindow
from workflows.selectors.calendars import leaves_working_time
from workflows.services.calendars import record_revision
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

    def rows_of(self, name: str) -> list[forms.ModelForm]:
        """The filled rows below the form that are to stay."""
        formset = self.formsets[name]
        return [row for row in formset.forms if row.cleaned_data and row not in formset.deleted_forms]


class LayerForm(LocalScopeForm):
    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        self._check_days()
        return not self.errors and all(row.is_valid() for row in self.formsets["days"].forms)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == CalendarLayer.Kind.RAMADAN and not (data.get("first_day") and data.get("last_day")):
            self.add_error("first_day", _("Ramadan needs a first and a last day."))
        return data

    def _check_days(self) -> None:
        if any(row.instance.pk for row in self.formsets["days"].deleted_forms):
            self.add_error(None, _("A day that was published stays in the history: fill in when it was removed."))
        rows, seen = self.rows_of("days"), set()
        closed = {row.cleaned_data["on"] for row in rows if not row.cleaned_data.get("removed_on")}
        for row in rows:
            self._check_day(row, seen)
        closes = self.cleaned_data["kind"] != CalendarLayer.Kind.RAMADAN
        if closes and not leaves_working_time(self.cleaned_data["region"], self.cleaned_data["agency"], closed):
            self.add_error(None, _("With these days the year has no working time left."))

    def _check_day(self, row: forms.ModelForm, seen: set[date]) -> None:
        on, is_removed = row.cleaned_data["on"], row.cleaned_data.get("removed_on") is not None
        if row.instance.pk and "on" in row.changed_data:
            row.add_error("on", _("The date of a published day cannot change: remove it and add another."))
        if on.year != self.cleaned_data["year"]:
            row.add_error("on", _("This day lies in another year than the layer."))
        if on in seen and not is_removed:
            row.add_error("on", _("This day is listed twice."))
        if not is_removed:
            seen.add(on)

    @transaction.atomic
    def save(self, commit: bool = True) -> CalendarLayer:
        self.instance.approved_by = self.for_user
        layer = super().save(commit)
        record_revision(subject=str(layer), actor=self.for_user)
        return layer


class HoursForm(LocalScopeForm):
    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        seasons = {row.cleaned_data["season"] for row in self.rows_of("windows")}
        if WorkingWindow.Season.NORMAL not in seasons:
            self.add_error(None, _("Enter normal hours for one weekday at least."))
        return not self.errors

    @transaction.atomic
    def save(self, commit: bool = True) -> WorkingHours:
        hours = super().save(commit)
        record_revision(subject=str(hours), actor=self.for_user)
        return hours


class LimitForm(LocalScopeForm):
    """A limit that no clock has used yet."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if SlaPolicy.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a limit with this code. Make a new version of it instead."))
        return code


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

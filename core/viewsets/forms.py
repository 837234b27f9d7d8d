"""Forms of the staff screens; saving goes through the services."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.models import Agency, District, Region, Service, User
from core.permissions import Role, scope_of
from core.policies import ADMIN
from core.selectors import continued
from core.services import save_agency
from core.services.agencies import WEEK_IS_PROPOSED


def administered_regions(user: User) -> QuerySet[Region]:
    return Region.objects.filter(scope_of(user).region_q(ADMIN, field="pk"))


def agencies_for(user: User, roles: frozenset[str]) -> QuerySet[Agency]:
    """Agencies over which one of the roles is held, as a tree."""
    return Agency.objects.filter(scope_of(user).agency_q(roles)).in_tree_order()


class AgencyChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Agency) -> str:
        return obj.indented_name


class AgencyForm(WagtailAdminModelForm):
    """Changing the name asks from which day, so that old results keep the old name."""

    parent = AgencyChoiceField(Agency.objects.none(), required=False, label=gettext_lazy("Parent agency"))
    renamed_on = forms.DateField(
        required=False,
        widget=AdminDateInput,
        label=gettext_lazy("New name valid from"),
        help_text=gettext_lazy("Only when the name changes. The old name stays in the history below."),
    )
    is_correction = forms.BooleanField(
        required=False, label=gettext_lazy("Correct a slip in the present name, no new entry in the history")
    )

    class Meta:
        model = Agency
        fields = (
            "region", "parent", "code", "name", "short_name", "renamed_on", "is_correction", "kind", "district",
            "active_from", "active_until", "working_week", "joint_leave_observed",
        )  # fmt: skip
        field_classes = {"parent": AgencyChoiceField}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        regions = administered_regions(self.for_user)
        self.fields["region"].queryset = regions
        self.fields["parent"].queryset = self._possible_parents()
        self.fields["district"].queryset = District.objects.filter(region__in=regions)
        self.stored = (self.instance.name, self.instance.short_name)
        if self.instance.pk:
            self.fields["region"].disabled = True
            for name in ("working_week", "joint_leave_observed"):
                self.fields[name].disabled = True
                self.fields[name].help_text = WEEK_IS_PROPOSED
            return
        del self.fields["renamed_on"], self.fields["is_correction"]
        if len(regions) == 1:
            self.initial["region"] = regions[0]

    def _possible_parents(self) -> QuerySet[Agency]:
        agencies = agencies_for(self.for_user, ADMIN)
        if not self.instance.pk:
            return agencies
        return agencies.filter(region=self.instance.region).exclude(path__startswith=self.instance.path)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        region = data.get("region")
        for name in ("parent", "district"):
            if region and data.get(name) and data[name].region_id != region.pk:
                self.add_error(name, _("This lies in another region."))
        self._check_rename(data)
        return data

    def _check_rename(self, data: dict[str, Any]) -> None:
        renamed = self.instance.pk and self.stored != (data.get("name"), data.get("short_name"))
        if not renamed or data.get("is_correction"):
            return
        day = data.get("renamed_on")
        if day is None:
            self.add_error("renamed_on", _("Say from which day the new name is valid, or mark it as a correction."))
            return
        current = self.instance.names.filter(valid_until__isnull=True).first()
        if current and current.valid_from and day <= current.valid_from:
            self.add_error("renamed_on", _("The new name must start after the day the present one started."))

    def save(self, commit: bool = True) -> Agency:
        renamed_on = None if self.cleaned_data.get("is_correction") else self.cleaned_data.get("renamed_on")
        return save_agency(self.instance, renamed_on=renamed_on)


class ServiceForm(WagtailAdminModelForm):
    agency = AgencyChoiceField(Agency.objects.none(), label=gettext_lazy("Agency"))

    class Meta:
        model = Service
        fields = ("agency", "code", "name", "audience", "active_from", "active_until", "successors")
        field_classes = {"agency": AgencyChoiceField}
        widgets = {"successors": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # A service may move only inside the area of whoever moves it.
        self.fields["agency"].queryset = agencies_for(self.for_user, ADMIN | {Role.EDITOR})
        if not self.instance.pk:
            del self.fields["successors"]
            return
        # Reforms move services between agencies, so any of the region may go on with it.
        others = Service.objects.filter(agency__region=self.instance.agency.region).exclude(pk=self.instance.pk)
        self.fields["successors"].queryset = others
        self.fields["successors"].choices = _by_agency(others.select_related("agency"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        successors = data.get("successors") or ()
        if successors and not data.get("active_until"):
            self.add_error("active_until", _("Say when this service ends; its successors follow from that day."))
        if successors and self.instance in continued(successors):
            self.add_error(
                "successors", _("One of these ended in favour of this service; that would lead in a circle.")
            )
        return data


def _by_agency(services: QuerySet[Service]) -> list[tuple[str, list[tuple[int, str]]]]:
    rows = services.order_by("agency__name", "name")
    groups = groupby(rows, key=lambda service: service.agency.name)
    return [(name, [(service.pk, service.name) for service in found]) for name, found in groups]


ZONE_IS_PROPOSED = gettext_lazy("Open cases count by this. Propose another time zone under Deadlines, Office hours.")


class RegionForm(WagtailAdminModelForm):
    """A regional administrator changes the name; the zone goes by a proposal, the rest is the installation's."""

    class Meta:
        model = Region
        fields = ("name", "time_zone", "code", "kind", "parent", "site")
        labels = {"parent": gettext_lazy("Part of"), "site": gettext_lazy("Web site")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["time_zone"].disabled = True
            self.fields["time_zone"].help_text = ZONE_IS_PROPOSED
        if not self.for_user.is_superuser:
            for name in ("code", "kind", "parent", "site"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        parent = data.get("parent")
        if parent and parent == self.instance:
            raise ValidationError({"parent": _("A region cannot lie in itself.")})
        return data

"""Forms of the screens for published results and survey targets."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.models import Agency, Service, User
from core.period_words import period_words
from core.periods import (
    Period,
    PeriodKind,
    any_period_from_key,
    period_of,
    period_of_days,
    periods_between,
)
from core.permissions import scope_of
from surveys.models import SurveyTarget
from surveys.permissions import TARGET_ACTIONS
from surveys.selectors.results import ResultKind, ResultSubject, publishable_by

YEARS_BACK = 5
FREE = "days"
_KINDS = (
    (PeriodKind.QUARTER, gettext_lazy("Quarters")),
    (PeriodKind.SEMESTER, gettext_lazy("Half-years")),
    (PeriodKind.YEAR, gettext_lazy("Years")),
    (PeriodKind.MONTH, gettext_lazy("Months")),
)

Choices = list[tuple[str, list[tuple[str, str]]]]


def period_choices(first: date, last: date) -> Choices:
    """Periods that begin and end between two days, by kind, newest first."""

    def of(kind: PeriodKind) -> Iterator[tuple[str, str]]:
        for period in reversed(list(periods_between(first, last, kind))):
            if period.start >= first and period.end <= last:
                yield period.key, period_words(period)

    return [(str(label), list(of(kind))) for kind, label in _KINDS]


def subject_choices(subjects: list[ResultSubject]) -> Choices:
    """Regions and agencies, then the services of each agency."""
    groups: dict[str, list[tuple[str, str]]] = {_("Regions"): [], _("Agencies"): []}
    for subject in subjects:
        if subject.kind is ResultKind.REGION:
            groups[_("Regions")].append((subject.key, subject.region.full_name))
        elif subject.kind is ResultKind.AGENCY:
            groups[_("Agencies")].append((subject.key, subject.unit.name))
        elif subject.agency:
            groups.setdefault(subject.agency.name, []).append((subject.key, subject.unit.name))
    return [group for group in groups.items() if group[1]]


class ChooseForm(forms.Form):
    """Which result: only what the person may publish, only periods that are over."""

    subject = forms.ChoiceField(label=gettext_lazy("Result of"))
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    first = forms.DateField(required=False, widget=AdminDateInput, label=gettext_lazy("First day"))
    last = forms.DateField(required=False, widget=AdminDateInput, label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.subjects = {subject.key: subject for subject in publishable_by(user)}
        self.fields["subject"].choices = subject_choices(list(self.subjects.values()))
        today = timezone.localdate()
        # A region east of the server may already have tomorrow; the service asks each region's own calendar.
        regular = period_choices(date(today.year - YEARS_BACK, 1, 1), today)
        other = [(FREE, _("Other days: from and to below")), *_named_days(self.data.get("period", ""))]
        self.fields["period"].choices = [*regular, (_("Other"), other)]
        for name in ("first", "last"):
            self.fields[name].help_text = _("Only for other days.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("period") == FREE:
            data["period"] = self._free(data.get("first"), data.get("last"))
        return data

    def _free(self, first: date | None, last: date | None) -> str:
        if first is None or last is None:
            self.add_error("first", _("Please give the first and the last day."))
            return ""
        try:
            return period_of_days(first, last).key
        except ValueError:
            self.add_error("last", _("The last day follows the first, by three years at most."))
            return ""

    def chosen(self) -> tuple[ResultSubject, Period]:
        """After ``is_valid``."""
        return self.subjects[self.cleaned_data["subject"]], any_period_from_key(self.cleaned_data["period"])


def _named_days(key: str) -> list[tuple[str, str]]:
    """The address of a preview names days that no list can hold."""
    try:
        period = any_period_from_key(key)
    except ValueError:
        return []
    return [(key, period_words(period))] if period.kind is PeriodKind.DAYS else []


class ConfirmForm(forms.Form):
    """The preview the person agreed to; a correction says why."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, is_correction: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_correction:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Reason for the correction"),
                max_length=300,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=gettext_lazy("Published beside the figure. For example: paper forms were typed in late."),
            )


class SurveyTargetForm(WagtailAdminModelForm):
    """The agency is chosen among those the person works for; the service belongs to it."""

    period = forms.ChoiceField(label=gettext_lazy("Period"))

    class Meta:
        model = SurveyTarget
        fields = ["agency", "service", "period", "population"]
        help_texts = {"service": gettext_lazy("Leave empty for the whole agency.")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.filter(scope_of(self.for_user).agency_q(TARGET_ACTIONS["add"]))
        self.fields["agency"].queryset = agencies.order_by("name")
        self.fields["service"].queryset = Service.objects.filter(agency__in=agencies).select_related("agency")
        self.fields["service"].empty_label = _("The whole agency")
        today = timezone.localdate()
        first, last = date(today.year - 1, 1, 1), period_of(date(today.year + 1, 1, 1), PeriodKind.YEAR).end
        choices = period_choices(first, last)
        known = {key for _label, group in choices for key, _name in group}
        if self.instance.period and self.instance.period not in known:
            period = self.instance.reporting_period
            choices.insert(0, (_("Chosen so far"), [(period.key, period_words(period))]))
        self.fields["period"].choices = choices

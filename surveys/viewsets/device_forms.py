"""Forms of the device screens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from surveys.definition import LANGUAGES
from surveys.kiosk_hours import DAYS
from surveys.models import Device, ServicePoint
from surveys.selectors.devices import points_for_devices

LANGUAGE_NAMES = {"id": _("Indonesian"), "en": _("English"), "jv": _("Javanese"), "mad": _("Madurese")}
LARGEST_FILE = 20 * 1024 * 1024


class HoursWidget(forms.MultiWidget):
    """Opening and closing time of one day."""

    def __init__(self) -> None:
        super().__init__([forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for _place in range(2)])

    def decompress(self, value: Any) -> list[Any]:
        return list(value or ("", ""))


class HoursField(forms.MultiValueField):
    """``["08:00", "15:00"]``, or None for a closed day."""

    widget = HoursWidget

    def __init__(self, **kwargs: Any):
        super().__init__([forms.TimeField(), forms.TimeField()], required=False, require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> list[str] | None:
        if not any(values or ()):
            return None
        opens, closes = values
        if not (opens and closes and opens < closes):
            raise ValidationError(_("Please give both times, the earlier one first."))
        return [opens.strftime("%H:%M"), closes.strftime("%H:%M")]


class DeviceForm(WagtailAdminModelForm):
    """The point may change later; what the device still holds keeps the place it was given at."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Leave empty for every language of the survey."),
    )

    class Meta:
        model = Device
        fields = ["service_point", "name", "kind", "languages", "idle_seconds", "silent_minutes"]
        help_texts = {
            "name": _("To tell devices apart, for example “Tablet 1”."),
            "kind": _("A kiosk is used by visitors alone. On a tablet an officer asks and fills in."),
            "idle_seconds": _("Then the kiosk asks, and ten seconds later it forgets what was chosen."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        allowed = [point.pk for point in points_for_devices(self.for_user)]
        self.fields["service_point"].queryset = ServicePoint.objects.filter(pk__in=allowed).select_related("agency")
        for day in DAYS:
            self.fields[f"day_{day}"] = HoursField(label=WEEKDAYS[int(day)], initial=self.instance.hours.get(day))
        self.fields["day_0"].help_text = _("Opening hours. A day without times is closed; no times at all: always on.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.hours = {day: span for day in DAYS if (span := cleaned.get(f"day_{day}"))}
        return cleaned


class FileForm(forms.Form):
    """The file an officer saved on a device."""

    file = forms.FileField(label=_("File from the device"), help_text=_("“jawaban-….json”"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("This file is too large."))
        return file

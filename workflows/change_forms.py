"""Forms that put a change of the calendars forward: a decree, Ramadan, office hours, a working week, a time zone.

Each gives ``content()`` in the shape ``services/calendar_changes`` writes, and ``document()``. They offer the regions
and agencies of the person's desk; who decides is asked of the services.
"""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Agency, Region, User
from workflows.calendar import Window
from workflows.calendar_policies import desk_regions, may_propose_national
from workflows.decrees import Unreadable, read_decree
from workflows.models import CalendarLayer, WorkingHours, WorkingWindow

MOST_BYTES = 200_000
MOST_DAYS = 400
LONGEST_RAMADAN = 31
CLOSING = tuple(kind for kind in CalendarLayer.Kind.choices if kind[0] != CalendarLayer.Kind.RAMADAN)


def day_field(label: Any, hint: Any = "", **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class ChangeForm(forms.Form):
    """Whom the change holds for and the document behind it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    region = forms.ModelChoiceField(label=gettext_lazy("Region"), queryset=Region.objects.none(), required=False)
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"),
        queryset=Agency.objects.none(),
        required=False,
        help_text=gettext_lazy("Leave empty for all agencies of the region."),
    )
    source = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=250,
        help_text=gettext_lazy("Number and date of the decree or letter; reporters read it as the reason."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the document"), required=False, max_length=500, assume_scheme="https"
    )
    decided_on = day_field(gettext_lazy("Date of the document"))
    known_from = day_field(gettext_lazy("Known from"), gettext_lazy("The day on which the document became known."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        regions = desk_regions(user)
        self.fields["region"].queryset = regions
        self.fields["region"].required = not may_propose_national(user)
        self.fields["region"].empty_label = _("Whole country")
        agencies = Agency.objects.filter(region__in=regions).select_related("region").in_tree_order()
        self.fields["agency"].queryset = agencies
        self.fields["agency"].label_from_instance = lambda row: row.indented_name
        self.fields["agency"].empty_label = _("All agencies")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        agency = data.get("agency")
        if agency and agency.region != data.get("region"):
            self.add_error("agency", _("This agency lies in another region."))
        return data

    def document(self) -> dict[str, Any]:
        names = ("title", "source", "source_url", "decided_on", "known_from")
        return {name: self.cleaned_data[name] for name in names}

    @abstractmethod
    def content(self) -> dict[str, Any]:
        """The change itself, as ``services/calendar_changes`` writes it."""


class DecreeForm(ChangeForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CLOSING, initial="joint_leave")
    text = forms.CharField(
        label=gettext_lazy("Days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One line per day or stretch, for example: 19, 20 dan 24-25 April 2023 Cuti bersama. "
            "A minus in front takes a day back."
        ),
    )
    file = forms.FileField(label=gettext_lazy("or a file (CSV, text or iCalendar)"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            days = read_decree(self._text(data), kind=data.get("kind", ""), year=self._year(data))
        except Unreadable as error:
            text = _("Line %(line)d says no day: %(text)s") % {"line": error.line, "text": error.text}
            self.add_error("text", text)
            return data
        if not days:
            self.add_error("text", _("Enter the days, or choose a file."))
        if len(days) > MOST_DAYS:
            self.add_error("text", _("These are too many days for one document."))
        self.days = days
        return data

    def _text(self, data: dict[str, Any]) -> str:
        upload = data.get("file")
        if not upload:
            return data.get("text", "")
        if upload.size > MOST_BYTES:
            raise ValidationError({"file": _("The file is too large.")})
        return upload.read().decode("utf-8", errors="replace")

    def _year(self, data: dict[str, Any]) -> int | None:
        decided = data.get("decided_on")
        return decided.year if decided else None

    def content(self) -> dict[str, Any]:
        return {"days": [day.as_row() for day in self.days]}


class RamadanForm(ChangeForm):
    first = day_field(gettext_lazy("First day"))
    last = day_field(gettext_lazy("Last day"), gettext_lazy("Included."))
    provisional = forms.BooleanField(
        label=gettext_lazy("Provisional"), required=False, help_text=gettext_lazy("A forecast; deadlines say so.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and not first <= last < first + timedelta(days=LONGEST_RAMADAN):
            self.add_error("last", _("Ramadan ends after it begins, within a month."))
        return data

    def content(self) -> dict[str, Any]:
        days = {name: self.cleaned_data[name].isoformat() for name in ("first", "last")}
        return {**days, "provisional": self.cleaned_data["provisional"]}


class HoursForm(ChangeForm):
    """A version of office hours from a day on; each weekday as one line of windows."""

    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=60, help_text=gettext_lazy("All versions of the same hours share it.")
    )
    working_week = forms.ChoiceField(label=gettext_lazy("Working week"), choices=Agency.WorkingWeek.choices)
    valid_from = day_field(gettext_lazy("Valid from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for season, weekday, name in _slots():
            label = _("%(season)s, %(weekday)s") % {"season": season.label, "weekday": weekday.label}
            hint = _("For example 07:30-12:00, 13:00-16:00; empty: closed.") if weekday == 0 else ""
            self.fields[name] = forms.CharField(label=label, required=False, max_length=120, help_text=hint)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.windows: list[dict[str, Any]] = []
        for season, weekday, name in _slots():
            try:
                self.windows += _windows(data.get(name, ""), str(season.value), int(weekday.value))
            except ValueError:
                self.add_error(name, _("Write hours as 07:30-12:00, 13:00-16:00."))
        if not any(row["season"] == WorkingWindow.Season.NORMAL for row in self.windows):
            self.add_error(None, _("Enter normal hours for one weekday at least."))
        self._check_code(data)
        return data

    def _check_code(self, data: dict[str, Any]) -> None:
        """A code belongs to one region or agency for good."""
        known = WorkingHours.objects.filter(code=data.get("code", "")).order_by("-version").first()
        if known is None:
            return
        if (known.region, known.agency) != (data.get("region"), data.get("agency")):
            self.add_error("code", _("Other hours have this code."))
        first = data.get("valid_from")
        if first and known.valid_from and first <= known.valid_from:
            self.add_error("valid_from", _("The new version must start after the present one."))

    def content(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "code": data["code"],
            "name": data["title"],
            "working_week": data["working_week"],
            "valid_from": data["valid_from"].isoformat(),
            "windows": self.windows,
        }


class WeekForm(ChangeForm):
    working_week = forms.ChoiceField(label=gettext_lazy("Working week"), choices=Agency.WorkingWeek.choices)
    joint_leave_observed = forms.BooleanField(label=gettext_lazy("closed on joint leave"), required=False, initial=True)
    valid_from = day_field(gettext_lazy("Valid from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].required = self.fields["region"].required = True
        self.fields["agency"].help_text = ""

    def content(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "agency": data["agency"].pk,
            "working_week": data["working_week"],
            "joint_leave_observed": data["joint_leave_observed"],
            "valid_from": data["valid_from"].isoformat(),
        }


class ZoneForm(ChangeForm):
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=Region.ZONES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["agency"]
        self.fields["region"].required = True
        self.fields["region"].empty_label = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("region") and data["region"].time_zone == data.get("time_zone"):
            self.add_error("time_zone", _("The region counts in this zone already."))
        return data

    def content(self) -> dict[str, Any]:
        return {"before": self.cleaned_data["region"].time_zone, "after": self.cleaned_data["time_zone"]}


FORMS: dict[str, type[ChangeForm]] = {
    "days": DecreeForm,
    "ramadan": RamadanForm,
    "hours": HoursForm,
    "week": WeekForm,
    "zone": ZoneForm,
}


def hours_as_initial(hours: WorkingHours) -> dict[str, Any]:
    """The present version of office hours, as the form for the next one begins."""
    lines: dict[str, list[str]] = {}
    for row in hours.windows.all():
        text = f"{row.opens_at:%H:%M}-{row.closes_at:%H:%M}"
        lines.setdefault(f"{row.season}_{row.weekday}", []).append(text)
    return {
        "title": hours.name,
        "code": hours.code,
        "working_week": hours.working_week,
        "region": hours.region_id,
        "agency": hours.agency_id,
        **{name: ", ".join(parts) for name, parts in lines.items()},
    }


def _slots() -> Iterator[tuple[WorkingWindow.Season, WorkingWindow.Weekday, str]]:
    for season in WorkingWindow.Season:
        for weekday in WorkingWindow.Weekday:
            yield season, weekday, f"{season.value}_{weekday.value}"


def _windows(text: str, season: str, weekday: int) -> Iterator[dict[str, Any]]:
    """``07:30-12:00, 13:00-16:00``. Raises ValueError for anything else, also for windows that overlap."""
    last = -1
    for part in filter(None, (piece.strip() for piece in text.replace(".", ":").split(","))):
        opens, dash, closes = part.replace("–", "-").partition("-")
        window = Window.parse(opens.strip(), "24:00" if closes.strip() == "00:00" else closes.strip())
        if not dash or window.opens <= last:
            raise ValueError(part)
        last = window.closes
        yield {"season": season, "weekday": weekday, "opens": opens.strip(), "closes": _closing(window)}


def _closing(window: Window) -> str:
    hours, minutes = divmod(window.closes % (24 * 60), 60)
    return f"{hours:02}:{minutes:02}"

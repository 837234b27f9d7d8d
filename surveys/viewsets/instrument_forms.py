"""Forms of the instrument editor: what makes an index computable is checked here, with messages beside the fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.models import Region, User
from core.permissions import scope_of
from core.policies import ADMIN
from surveys.grade_tables import lowest_index, table_faults
from surveys.index import WeightRule
from surveys.models import Element, Instrument, InstrumentVersion
from surveys.services.instruments import new_version, place_elements
from surveys.slots import MOST, SlotConflict

from .instrument_fields import FAULTS, LANGUAGES, GradesField, LinesField, as_bands, bands_text

QUESTION_LENGTH = 400
# The wording of elements that a regulation fixes may be edited, nothing else of them.
FIXED_OF_VERSION = ("instrument", "scale_max", "weight_rule", "rounding_rule", "grades")
FIXED_OF_ELEMENT = ("code", "list_order", "questionnaire_order", "weight")
_code = RegexValidator(
    r"^[a-z][a-z0-9_]{0,29}\Z", gettext_lazy("Use small letters, digits and _, starting with a letter.")
)


def administered(user: User) -> Any:
    return Region.objects.filter(scope_of(user).region_q(ADMIN, field="pk"))


class OwnRegionForm(WagtailAdminModelForm):
    """The region is one the person administers; only a superuser writes for the whole country."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        regions = administered(self.for_user)
        field = self.fields["region"]
        field.queryset, field.required = regions, not self.for_user.is_superuser
        field.empty_label = _("Whole country") if self.for_user.is_superuser else None
        if self.instance.pk is None and len(regions) == 1:
            self.initial["region"] = regions[0].pk


class InstrumentForm(OwnRegionForm):
    class Meta:
        model = Instrument
        fields = ("name", "code", "region")


def _question() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Question"),
        max_length=QUESTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _options() -> LinesField:
    return LinesField(
        label=gettext_lazy("Answers"),
        required=False,
        help_text=gettext_lazy("One per line, the lowest score first."),
    )


class ElementForm(WagtailAdminModelForm):
    """One element with its texts in every language; a text left empty is shown in Indonesian."""

    question_id, options_id = _question(), _options()
    question_en, options_en = _question(), _options()
    question_jv, options_jv = _question(), _options()
    question_mad, options_mad = _question(), _options()

    class Meta:
        model = Element
        fields = ("code", "name", "name_en", "list_order", "questionnaire_order", "weight")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(_code)
        for language in LANGUAGES:
            self._fill(language)

    def _fill(self, language: str) -> None:
        question, options = self.instance.question or {}, self.instance.options or {}
        answers = [options[score].get(language, "") for score in sorted(options, key=int)]
        self.fields[f"question_{language}"].initial = question.get(language, "")
        self.fields[f"options_{language}"].initial = answers if any(answers) else []
        for name in (f"question_{language}", f"options_{language}"):
            self.fields[name].required = language == "id"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.instance.question = {
            language: text for language in LANGUAGES if (text := data.get(f"question_{language}", ""))
        }
        spoken = {language: lines for language in LANGUAGES if (lines := data.get(f"options_{language}"))}
        most = max((len(lines) for lines in spoken.values()), default=0)
        self.instance.options = {
            str(score): {language: lines[score - 1] for language, lines in spoken.items() if len(lines) >= score}
            for score in range(1, most + 1)
        }
        return data

    def check_answers(self, scale_max: int) -> None:
        """As many answers as the scale has points, in every language that has any."""
        for language in LANGUAGES:
            lines = self.cleaned_data.get(f"options_{language}") or []
            if lines and len(lines) != scale_max:
                sentence = _("The scale has %(points)d points, here are %(answers)d answers.")
                self.add_error(f"options_{language}", sentence % {"points": scale_max, "answers": len(lines)})


class VersionForm(OwnRegionForm):
    """A draft; whatever could not be computed or would meet another element's column is refused."""

    grades = GradesField(
        label=gettext_lazy("Grades"),
        help_text=gettext_lazy(
            "One line per grade: grade; word; from; to. An index is rounded to two decimals before it is graded, so "
            "a step of 0.01 between two grades (76.60 / 76.61) is no gap."
        ),
    )

    class Meta:
        model = InstrumentVersion
        fields = (
            "instrument", "region", "name", "code", "regulation", "year", "scale_max", "weight_rule", "rounding_rule",
            "is_offered", "certainty", "source",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["grades"].initial = bands_text(self.instance.bands)
        own = Instrument.objects.filter(scope_of(self.for_user).region_q(ADMIN))
        self.fields["instrument"].queryset = own if self.instance.pk is None else Instrument.objects.filter(
            pk=self.instance.instrument_id
        )  # fmt: skip
        if self.instance.pk is not None:
            self.fields["instrument"].disabled = True
        if self.is_fixed:
            self._fix()

    @property
    def is_fixed(self) -> bool:
        return self.instance.pk is not None and self.instance.structure_is_fixed

    def _fix(self) -> None:
        """Fields a regulation fixed are shown, not taken; elements are neither added nor removed."""
        for name in FIXED_OF_VERSION:
            self.fields[name].disabled = True
        formset = self.formsets["elements"]
        formset.min_num = formset.max_num = len(formset.initial_forms)
        for row in formset.initial_forms:
            for name in FIXED_OF_ELEMENT:
                row.fields[name].disabled = True

    def clean_grades(self) -> list[dict[str, str]]:
        rows = self.cleaned_data["grades"]
        if self.is_fixed:
            return self.instance.bands
        scale_max = self.cleaned_data.get("scale_max") or self.instance.scale_max
        faults = table_faults([row for _grade, _word, row in rows], scale_max)
        if faults:
            names = [row.grade for _grade, _word, row in rows]
            lowest = lowest_index(scale_max)
            raise ValidationError(
                [FAULTS[fault] % {"grade": "" if at is None else names[at], "lowest": lowest} for at, fault in faults]
            )
        return as_bands(rows)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if InstrumentVersion.objects.filter(pk=self.instance.pk, is_locked=True).exists():
            self.add_error(None, _("This version is in use and never changes. Make a new version from it."))
        instrument, region = data.get("instrument"), data.get("region")
        if instrument and instrument.region_id and instrument.region != region:
            self.add_error("region", _("The instrument belongs to another region."))
        return data

    def is_valid(self) -> bool:
        if not super().is_valid():
            self._name_repeated_codes()
            return False
        self._check_elements(self.element_rows())
        return not self.errors and all(row.is_valid() for row in self.formsets["elements"].forms)

    def element_rows(self) -> list[ElementForm]:
        """The filled rows that are to stay."""
        formset = self.formsets["elements"]
        given = (row for row in formset.forms if getattr(row, "cleaned_data", None))
        return [row for row in given if row not in formset.deleted_forms]

    def _check_elements(self, rows: list[ElementForm]) -> None:
        if self.is_fixed and (self.formsets["elements"].deleted_forms or any(not row.instance.pk for row in rows)):
            self.add_error(None, _("The elements of this instrument are fixed by a regulation."))
        if not 0 < len(rows) <= MOST:
            self.add_error(None, _("An instrument has 1 to %(most)d elements.") % {"most": MOST})
            return
        self._check_codes(rows)
        for name in ("list_order", "questionnaire_order"):
            _check_order(rows, name)
        for row in rows:
            row.check_answers(self.cleaned_data["scale_max"])
            if self.cleaned_data["weight_rule"] == WeightRule.OWN and not row.cleaned_data.get("weight"):
                row.add_error("weight", _("Enter the weight of this element."))

    def _name_repeated_codes(self) -> None:
        """The set of rows only knows that something repeats; say what, beside the field."""
        if not self.is_bound:
            return
        rows = self.element_rows()
        # The set took the repeated code out of the row's clean data.
        codes = [row["code"].value() for row in rows]
        for row, code in zip(rows, codes, strict=True):
            if code and codes.count(code) > 1:
                row.add_error("code", _("This code is used twice."))

    def _check_codes(self, rows: list[ElementForm]) -> None:
        self.instance.instrument = self.cleaned_data["instrument"]
        try:
            place_elements(version=self.instance, elements=[row.instance for row in rows])
        except SlotConflict as conflict:
            both = ", ".join(conflict.codes)
            sentence = _("These elements share a column in earlier versions and cannot meet: %(codes)s.")
            for row in rows:
                if row.cleaned_data["code"] in conflict.codes:
                    row.add_error("code", sentence % {"codes": both})

    @transaction.atomic
    def save(self, commit: bool = True) -> InstrumentVersion:
        self.instance.bands = self.cleaned_data["grades"]
        return super().save(commit)


def _check_order(rows: Iterable[ElementForm], name: str) -> None:
    """The numbers are 1, 2, 3 … each once."""
    found = list(rows)
    seen: set[int] = set()
    for row in found:
        number = row.cleaned_data.get(name)
        if number is None or not 1 <= number <= len(found) or number in seen:
            row.add_error(name, _("Number the elements from 1 to %(last)d, each number once.") % {"last": len(found)})
        else:
            seen.add(number)


class NextVersionForm(forms.Form):
    """Name and code of a draft made from another version."""

    name = forms.CharField(label=gettext_lazy("Name of the new version"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("For example skm-2017-bangkalan.")
    )
    region = forms.ModelChoiceField(label=gettext_lazy("Region"), queryset=Region.objects.none())

    def __init__(self, *args: Any, source: InstrumentVersion, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.source, field = source, self.fields["region"]
        field.queryset, field.required = administered(user), not user.is_superuser
        if len(field.queryset) == 1:
            self.initial.setdefault("region", field.queryset[0].pk)
        if source.instrument.region_id:
            field.queryset = field.queryset.filter(pk=source.instrument.region_id)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if InstrumentVersion.objects.filter(code=code).exists():
            raise ValidationError(_("This code is taken."))
        return code

    def save(self) -> InstrumentVersion:
        given = self.cleaned_data
        return new_version(source=self.source, code=given["code"], name=given["name"], region=given["region"])

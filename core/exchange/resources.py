"""The columns of agencies and services, and how a row becomes one.

Rows are found by code inside one region, so an import can neither read nor touch another
region. Nothing is deleted by an import, and a blank cell never overwrites a value that must
not be empty.
"""

from collections import Counter
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.resources import ModelResource
from tablib import Dataset
from wagtail.log_actions import log

from core.exchange.reading import Table, UploadRefused
from core.exchange.widgets import ChoiceWidget, CodeWidget, DayWidget, TextWidget, YesNoWidget
from core.models import Agency, District, Region, Service, User
from core.services import save_agency

# Carries the row number of the file through the sorting below.
LINE = "__line__"

KIND_WORDS: dict[str, str] = {
    "pemerintah daerah": Agency.Kind.GOVERNMENT,
    "sekretariat": Agency.Kind.SECRETARIAT,
    "dinas": Agency.Kind.OFFICE,
    "badan": Agency.Kind.BOARD,
    "kecamatan": Agency.Kind.DISTRICT,
    "desa": Agency.Kind.VILLAGE,
    "kelurahan": Agency.Kind.VILLAGE,
    "upt": Agency.Kind.UNIT,
    "uptd": Agency.Kind.UNIT,
    "puskesmas": Agency.Kind.HEALTH_CENTRE,
    "rumah sakit": Agency.Kind.HOSPITAL,
    "rsud": Agency.Kind.HOSPITAL,
    "bumd": Agency.Kind.ENTERPRISE,
}


class RegionResource(ModelResource):
    """Common rules; knows its region, who imports, and from which day a new name is valid."""

    required: tuple[str, ...] = ()
    aliases: dict[str, str] = {}

    def __init__(self, *, region: Region | None = None, user: User | None = None, renamed_on: date | None = None):
        super().__init__()
        self.region, self.user, self.renamed_on = region, user, renamed_on
        self.repeated: set[tuple[str, ...]] = set()

    @property
    def columns(self) -> list[str]:
        return [field.column_name for field in self.get_import_fields()]

    def dataset(self, table: Table) -> Dataset:
        """Known columns of an uploaded table, renamed; refuses a table without the required ones."""
        headers = [self.aliases.get(header, header) for header in table.headers]
        missing = [name for name in self.required if name not in headers]
        twice = [name for name, count in Counter(headers).items() if count > 1 and name]
        if missing or twice:
            raise UploadRefused(self._wrong_columns(missing or twice, table.headers, missing=bool(missing)))
        known = [index for index, header in enumerate(headers) if header in self.columns]
        data = Dataset(headers=[*(headers[index] for index in known), LINE])
        for line, row in zip(table.lines, table.rows, strict=True):
            data.append([*(row[index] for index in known), line])
        return data

    def unknown_columns(self, table: Table) -> list[str]:
        return [h for h in table.headers if self.aliases.get(h, h) not in self.columns]

    def _wrong_columns(self, names: list[str], found: list[str], *, missing: bool) -> str:
        words = {"names": ", ".join(names), "expected": ", ".join(self.columns), "found": ", ".join(found)}
        if missing:
            return _("Missing columns: %(names)s. Expected: %(expected)s. Found: %(found)s.") % words
        return _("Columns named twice: %(names)s. Expected: %(expected)s. Found: %(found)s.") % words

    def key(self, row: dict[str, str]) -> tuple[str, ...]:
        return tuple(row.get(name, "") for name in self.required[: len(self.get_import_id_fields())])

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        counts = Counter(self.key(row) for row in dataset.dict)
        self.repeated = {key for key, count in counts.items() if count > 1}

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        if self.key(row) in self.repeated:
            raise ValidationError(_("This code appears more than once in the file."))
        if not all(row.get(name) for name in self.required):
            raise ValidationError(_("A required cell is empty: %(names)s.") % {"names": ", ".join(self.required)})

    def import_field(
        self, field: Field, instance: Any, row: dict[str, str], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        if field.column_name in row:
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        self.store(instance)
        log(instance, "wagtail.create" if is_create else "wagtail.edit", user=self.user, content_changed=True)

    def store(self, instance: Any) -> None:
        instance.save()


class AgencyResource(RegionResource):
    required = ("code", "name")
    aliases = {"group": "kind", "region_code": "district_code", "example": "demo"}

    code = Field("code", "code", TextWidget())
    short_name = Field("short_name", "short_name", TextWidget())
    name = Field("name", "name", TextWidget())
    kind = Field("kind", "kind", ChoiceWidget(Agency.Kind, KIND_WORDS), saves_null_values=False)
    parent = Field("parent", "parent_code", CodeWidget(gettext_lazy("There is no agency with the code “%(code)s”.")))
    district = Field(
        "district", "district_code", CodeWidget(gettext_lazy("There is no district with the code “%(code)s”."))
    )
    active_from = Field("active_from", "active_from", DayWidget())
    active_until = Field("active_until", "active_until", DayWidget())
    working_week = Field("working_week", "working_week", ChoiceWidget(Agency.WorkingWeek), saves_null_values=False)
    joint_leave_observed = Field("joint_leave_observed", "joint_leave", YesNoWidget(), saves_null_values=False)
    is_demo = Field("is_demo", "demo", YesNoWidget(), saves_null_values=False)

    class Meta:
        model = Agency
        import_id_fields = ("code",)
        fields = (
            "code", "short_name", "name", "kind", "parent", "district", "active_from", "active_until",
            "working_week", "joint_leave_observed", "is_demo",
        )  # fmt: skip
        skip_unchanged = report_skipped = clean_model_instances = store_row_values = store_instance = True

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.fields["parent"].widget.queryset = self.get_queryset()
        self.fields["district"].widget.queryset = District.objects.filter(region=self.region)

    def get_queryset(self) -> QuerySet[Agency]:
        return Agency.objects.filter(region=self.region).select_related("parent", "district")

    def init_instance(self, row: dict[str, str] | None = None) -> Agency:
        return Agency(region=self.region)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        _parents_first(dataset)

    def before_import_row(self, row: dict[str, str], **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        if self.region and row.get("district_code") == self.region.code:
            row["district_code"] = ""
        if "short_name" in row and not row["short_name"]:
            row["short_name"] = row["name"][:60]

    def after_init_instance(self, instance: Agency, new: bool, row: dict[str, str], **kwargs: Any) -> None:
        if new:
            instance.short_name = row["name"][:60]

    def store(self, instance: Agency) -> None:
        save_agency(instance, renamed_on=self.renamed_on)


def _parents_first(dataset: Dataset) -> None:
    """Sort so that a parent named in the file comes before its units; a ring keeps its place."""
    rows = dataset.dict
    parents = {row["code"]: row.get("parent_code", "") for row in rows}

    def depth(code: str) -> int:
        seen: set[str] = set()
        while code in parents and code not in seen:
            seen.add(code)
            code = parents[code]
        return len(seen)

    headers = dataset.headers
    ordered = sorted(rows, key=lambda row: depth(row["code"]))
    dataset.wipe()
    dataset.headers = headers
    for row in ordered:
        dataset.append([row[header] for header in headers])


class ServiceResource(RegionResource):
    required = ("agency_code", "code", "name")

    agency = Field("agency", "agency_code", CodeWidget(gettext_lazy("There is no agency with the code “%(code)s”.")))
    code = Field("code", "code", TextWidget())
    name = Field("name", "name", TextWidget())
    audience = Field("audience", "audience", ChoiceWidget(Service.Audience), saves_null_values=False)
    active_from = Field("active_from", "active_from", DayWidget())
    active_until = Field("active_until", "active_until", DayWidget())
    is_demo = Field("is_demo", "demo", YesNoWidget(), saves_null_values=False)

    class Meta:
        model = Service
        import_id_fields = ("agency", "code")
        fields = ("agency", "code", "name", "audience", "active_from", "active_until", "is_demo")
        skip_unchanged = report_skipped = clean_model_instances = store_row_values = store_instance = True

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.fields["agency"].widget.queryset = Agency.objects.filter(region=self.region)

    def get_queryset(self) -> QuerySet[Service]:
        return Service.objects.filter(agency__region=self.region).select_related("agency")

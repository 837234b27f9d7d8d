"""Time limits as versioned rows. A version that a clock has used is never edited, only superseded."""

from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Agency

from .scopes import CalendarScope, ScopedQuerySet


class CaseClass(models.TextChoices):
    """Classes of the national complaint system; complaints are split by whether they need supervision."""

    INFORMATION = "information", _("Request for information")
    ASPIRATION = "aspiration", _("Aspiration")
    COMPLAINT = "complaint", _("Complaint")
    SUPERVISION = "supervision", _("Complaint with a supervision character")


class SlaPolicyQuerySet(ScopedQuerySet):
    def in_force(self, on: date, at: datetime | None = None) -> Self:
        """Versions that hold on a day; with a moment, as they were known then: no later one holds or ends another."""
        is_open = Q(valid_until__isnull=True) | Q(valid_until__gt=on)
        if at is None:
            return self.filter(is_open, valid_from__lte=on)
        known = Q(published_at__isnull=True) | Q(published_at__lte=at)
        successor = self.model._base_manager.filter(code=OuterRef("code"), version=OuterRef("version") + 1)
        return self.filter(known, is_open | Exists(successor.filter(published_at__gt=at)), valid_from__lte=on)

    def most_specific(
        self, *, agency: Agency | None, clock: str, case_class: str, category: str, on: date, at: datetime | None = None
    ) -> Self:
        """Policies that apply, the closest one first: agency, region, country; category, class, any."""
        rows = self.in_force(on, at).applying_to(agency).filter(clock=clock)
        rows = rows.filter(category__in=("", category), case_class__in=("", case_class))
        # A unit below has the longer path; an empty text sorts first on both databases.
        order = [
            F("agency__path").desc(nulls_last=True), F("region_id").desc(nulls_last=True),
            "-category", "-case_class", "-valid_from", "-pk",
        ]  # fmt: skip
        return rows.order_by(*order)


class SlaPolicy(CalendarScope):
    """One limit: for whom, on which clock, how long, under which rule, from when."""

    class Clock(models.TextChoices):
        VERIFY = "verify", _("Verify and forward")
        RESPOND = "respond", _("First follow-up")
        TOTAL = "total", _("Complete answer")
        LEG = "leg", _("Answer of the agency")
        CONFIRM = "confirm", _("Reporter confirms")
        ARBITER = "arbiter", _("Decision of the arbiter")

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", _("working days")
        WORKING_HOURS = "working_hours", _("working hours")
        WORKING_MINUTES = "working_minutes", _("working minutes")

    class Certainty(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        ONE_SOURCE = "one_source", _("One source")
        PRACTICE = "practice", _("Practice")
        UNCERTAIN = "uncertain", _("Uncertain")

    code = models.SlugField(_("code"), max_length=60, help_text=_("All versions of one limit share it."))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    case_class = models.CharField(
        _("class"), max_length=12, choices=CaseClass, blank=True, help_text=_("Leave empty for every class.")
    )
    # The category's code, not its row: a limit outlives a reorganised category tree.
    category = models.SlugField(
        _("category"), max_length=60, blank=True, help_text=_("Code; empty for every category.")
    )
    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    number = models.PositiveSmallIntegerField(_("number"), validators=[MaxValueValidator(1000)])
    unit = models.CharField(_("unit"), max_length=16, choices=Unit, default=Unit.WORKING_DAYS)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The first day it no longer applies."),
    )
    source = models.CharField(_("legal basis"), max_length=250)
    certainty = models.CharField(_("certainty"), max_length=12, choices=Certainty, default=Certainty.CONFIRMED)
    note = models.TextField(_("note"), blank=True)
    # Cases filed before never count by it. Empty: delivered with the installation, known to every case.
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    used_at = models.DateTimeField(_("first used at"), null=True, blank=True, editable=False)

    objects = SlaPolicyQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["clock", "code", "-version"]
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.UniqueConstraint(fields=["code", "version"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_until__isnull=True), name="policy_has_one_current_version"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_limit_is_positive"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="policy_period_runs_forward",
            ),
        ]

    # What a used version promised; only its end may still be written.
    FROZEN = (
        "code", "version", "region_id", "agency_id", "case_class", "category", "clock", "number", "unit", "valid_from",
    )  # fmt: skip

    def __str__(self):
        limit = f"{self.get_clock_display()}: {self.number} {self.get_unit_display()}"
        return f"{limit} ({self.get_case_class_display()})" if self.case_class else limit

    @property
    def minutes(self) -> int:
        """The limit in working minutes; 0 where it counts days."""
        lengths: dict[str, int] = {self.Unit.WORKING_HOURS: 60, self.Unit.WORKING_MINUTES: 1}
        return lengths.get(self.unit, 0) * self.number

    @property
    def days(self) -> int:
        return self.number if self.unit == self.Unit.WORKING_DAYS else 0

    def clean(self) -> None:
        super().clean()
        if self._is_dated_back():
            message = _("A limit can hold from today on at the earliest: cases keep the limits they were filed under.")
            raise ValidationError({"valid_from": message}, code="past")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.published_at = self.published_at or timezone.now()
        elif self._has_changed():
            if self.used_at:
                raise ValidationError(_("This version is in use. Make a new version instead."), code="used")
            self.published_at = timezone.now()
        super().save(*args, **kwargs)

    def _has_changed(self) -> bool:
        stored = SlaPolicy.objects.filter(pk=self.pk).values("used_at", *self.FROZEN).first()
        if stored is None:
            return False
        self.used_at = stored.pop("used_at") or self.used_at
        return any(value != getattr(self, name) for name, value in stored.items())

    def _is_dated_back(self) -> bool:
        """Whether a day before today was chosen; a version that has begun keeps its own."""
        zone = self.region.zone if self.region else None
        if self.valid_from is None or self.valid_from >= timezone.localdate(timezone=zone):
            return False
        return not SlaPolicy.objects.filter(pk=self.pk, valid_from=self.valid_from).exists()

"""Office hours of a working week, normal and in Ramadan."""

from datetime import time

from django.contrib import admin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.models import Agency
from workflows.calendar import MINUTES_OF_A_DAY, Window

from .scopes import CalendarScope, ScopedQuerySet


class WorkingHours(CalendarScope, ClusterableModel):
    """Office hours of a week. The weekdays that have a normal window are the unit's working week."""

    code = models.SlugField(_("code"), max_length=60, help_text=_("All versions of the same hours share it."))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("Empty: as long as anybody remembers.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, editable=False, help_text=_("The first day they no longer apply.")
    )
    name = models.CharField(_("name"), max_length=120)
    working_week = models.CharField(
        _("working week"),
        max_length=10,
        choices=Agency.WorkingWeek,
        default=Agency.WorkingWeek.FIVE_DAY,
        help_text=_("Applies to agencies with this working week, unless it names an agency."),
    )
    source = models.CharField(_("document"), max_length=250)

    objects = ScopedQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["region", "agency", "code", "-version"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.UniqueConstraint(fields=["code", "version"], name="hours_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_until__isnull=True), name="hours_have_one_current_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="hours_period_runs_forward",
            ),
        ]

    def __str__(self):
        return self.name

    @admin.display(description=_("opening hours"))
    def listed_windows(self) -> str:
        """Every window, for a screen that only shows."""
        return "; ".join(f"{row.get_season_display()}: {row}" for row in self.windows.all())


class WorkingWindow(models.Model):
    """One stretch of office hours; a day with a break has two."""

    class Season(models.TextChoices):
        NORMAL = "normal", _("Normal")
        RAMADAN = "ramadan", _("Ramadan")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    hours = ParentalKey(WorkingHours, on_delete=models.CASCADE, related_name="windows", verbose_name=_("working hours"))
    season = models.CharField(_("season"), max_length=10, choices=Season, default=Season.NORMAL)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"), help_text=_("00:00 means midnight at the end of the day."))

    class Meta:
        ordering = ["season", "weekday", "opens_at"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.UniqueConstraint(fields=["hours", "season", "weekday", "opens_at"], name="window_opens_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at=time()),
                name="window_opens_before_it_closes",
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    @property
    def window(self) -> Window:
        closes = _minutes(self.closes_at) or MINUTES_OF_A_DAY
        return Window(_minutes(self.opens_at), closes)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute

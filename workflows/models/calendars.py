"""Closed days and Ramadan as dated rows: what the calendar of a unit is built from.

Nothing is deleted or overwritten when a decree changes: a day is added or removed on a date, a layer is
superseded on a date, so the calendar can be told as it was known on any day.
"""

from datetime import date
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib import admin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from .scopes import CalendarScope, ScopedQuerySet


class LayerQuerySet(ScopedQuerySet):
    def known_on(self, on: date | None) -> Self:
        """Layers in force as known on a day; None means now, whatever date a document bears."""
        if on is None:
            return self.filter(superseded_on__isnull=True)
        return self.filter(Q(superseded_on__isnull=True) | Q(superseded_on__gt=on), known_from__lte=on)


class DayQuerySet(models.QuerySet):
    def known_on(self, on: date | None) -> Self:
        """Days in force as known on a day: added by then and not yet removed."""
        if on is None:
            return self.filter(removed_on__isnull=True)
        return self.filter(Q(removed_on__isnull=True) | Q(removed_on__gt=on), added_on__lte=on)


class CalendarLayer(CalendarScope, ClusterableModel):
    """One list of days from one kind of document, or one Ramadan."""

    class Kind(models.TextChoices):
        NATIONAL = "national", _("National holidays")
        JOINT_LEAVE = "joint_leave", _("Joint leave")
        LOCAL = "local", _("Local holidays")
        CLOSURE = "closure", _("Closure (flood, earthquake …)")
        RAMADAN = "ramadan", _("Ramadan hours")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.LOCAL)
    name = models.CharField(_("name"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2200)])
    first_day = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("Only for Ramadan: the hours of Ramadan apply from this day."),
    )
    last_day = models.DateField(_("last day"), null=True, blank=True, help_text=_("Only for Ramadan, included."))
    source = models.CharField(
        _("document"), max_length=250, help_text=_("Number and date of the decree or letter this rests on.")
    )
    source_url = models.URLField(_("address of the document"), blank=True, max_length=500)
    decided_on = models.DateField(_("date of the document"))
    known_from = models.DateField(_("known from"), help_text=_("The day on which the document became known."))
    superseded_on = models.DateField(_("superseded on"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("A forecast: deadlines that touch these days say so.")
    )
    note = models.TextField(_("note"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )

    objects = LayerQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["-year", "kind", "pk"]
        verbose_name = _("calendar layer")
        verbose_name_plural = _("calendar layers")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="ramadan") | Q(first_day__isnull=False, last_day__gte=F("first_day")),
                name="ramadan_layer_has_a_range",
            ),
            models.CheckConstraint(
                condition=Q(superseded_on__isnull=True) | Q(superseded_on__gte=F("known_from")),
                name="layer_superseded_after_it_was_known",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.year}"

    @admin.display(description=_("closed days"))
    def listed_days(self) -> str:
        """Every day in force, for a screen that only shows."""
        days = self.days.filter(removed_on__isnull=True)
        return "; ".join(f"{date_format(day.on)} {day.name}" for day in days)


class CalendarDay(models.Model):
    """One closed day. It counts from the document that added it until the one that removed it."""

    layer = ParentalKey(CalendarLayer, on_delete=models.CASCADE, related_name="days", verbose_name=_("layer"))
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120)
    added_on = models.DateField(_("added on"), blank=True, help_text=_("Empty: with the layer."))
    added_by = models.CharField(
        _("added by"), max_length=250, blank=True, help_text=_("Document; empty: that of the layer.")
    )
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    removed_by = models.CharField(_("removed by"), max_length=250, blank=True, help_text=_("Document."))

    objects = DayQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "on"], condition=Q(removed_on__isnull=True), name="day_once_in_a_layer"
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("added_on")),
                name="day_removed_after_it_was_added",
            ),
        ]

    def __str__(self):
        return f"{self.on:%Y-%m-%d} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.added_on is None:
            self.added_on = self.layer.known_from
        super().save(*args, **kwargs)


class CalendarRevision(models.Model):
    """One change of the calendars, never edited: its number is the calendar's version."""

    # Numbers repeat when a database is restored or made anew; what is kept in memory goes by this.
    token = models.UUIDField(default=uuid4, editable=False, unique=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    subject = models.CharField(_("changed"), max_length=250)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("calendar change")
        verbose_name_plural = _("calendar changes")

    def __str__(self):
        return f"{self.pk}: {self.subject}"

"""Calendar changes that wait for a second person: a decree, office hours, a working week, or a region's time zone.

``content`` holds the change itself (``workflows/decrees.py`` says its shape). The moves of a preview are kept a page
at a time, because a decree may touch every open case of a region.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .calendars import CalendarRevision
from .scopes import CalendarScope, ScopedQuerySet


class CalendarProposal(CalendarScope):
    """Proposed by one person, decided by another, applied in the background."""

    class Kind(models.TextChoices):
        DAYS = "days", _("Closed days")
        RAMADAN = "ramadan", _("Ramadan hours")
        HOURS = "hours", _("Office hours")
        WEEK = "week", _("Working week")
        ZONE = "zone", _("Time zone")

    class Status(models.TextChoices):
        COUNTING = "counting", _("Preview is being counted")
        WAITING = "waiting", _("Waits for a second person")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("In force")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DAYS)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(
        _("document"), max_length=250, help_text=_("Number and date of the decree or letter this rests on.")
    )
    source_url = models.URLField(_("address of the document"), blank=True, max_length=500)
    decided_on = models.DateField(_("date of the document"))
    known_from = models.DateField(_("known from"), help_text=_("The day on which the document became known."))
    content = models.JSONField(_("change"), default=dict)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.COUNTING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    refusal = models.CharField(_("reason of the refusal"), max_length=250, blank=True)
    # The calendars' version the preview was counted under; a later one asks for a new preview.
    calendar_version = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    revision = models.ForeignKey(CalendarRevision, models.PROTECT, null=True, blank=True, related_name="proposals")
    done = models.PositiveIntegerField(_("cases done"), default=0)
    to_do = models.PositiveIntegerField(_("cases to do"), default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["-pk"]
        verbose_name = _("calendar change to approve")
        verbose_name_plural = _("calendar changes to approve")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="calendar_change_is_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("counting", "waiting"), decided_by__isnull=True)
                | Q(status__in=("applying", "applied", "refused"), decided_by__isnull=False),
                name="decided_calendar_change_names_its_decider",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.COUNTING, self.Status.WAITING)


class ProposalPage(models.Model):
    """Some hundred moves of a preview: lists of complaint, clock, agency, old date, new date."""

    proposal = models.ForeignKey(CalendarProposal, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    moves: Any = models.JSONField(default=list)

    class Meta:
        ordering = ["proposal", "number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_page_once")]

    def __str__(self):
        return f"{self.proposal_id} p. {self.number}"

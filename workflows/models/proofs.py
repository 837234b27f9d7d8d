"""Daily proof that nobody rewrote the past: a published root per day, and what the nightly check found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainRoot(models.Model):
    """The fingerprint of one day's events (UTC) and of the day before; published, so that nobody changes it quietly."""

    day = models.DateField(_("day"), unique=True)
    events = models.PositiveIntegerField(_("events"))
    root = models.CharField(_("root"), max_length=64)
    # Of the day's events only those written until the root was fixed: cases imported later bring old dates.
    last_event = models.BigIntegerField(default=0, editable=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-day"]
        verbose_name = _("root of a day")
        verbose_name_plural = _("roots of days")

    def __str__(self):
        return f"{self.day} {self.root[:16]}"


class ChainCheck(models.Model):
    """One run of the check. ``first_bad`` names the first row that does not fit; empty when all is well."""

    at = models.DateTimeField(_("at"), db_index=True)
    cases = models.PositiveIntegerField(_("cases"))
    events = models.PositiveIntegerField(_("events"))
    first_bad = models.CharField(_("first bad row"), max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("check of the event log")
        verbose_name_plural = _("checks of the event log")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.first_bad or 'ok'}"

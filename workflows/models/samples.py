"""Closed cases that somebody who did not handle them looks at again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    LOT = "lot", _("Drawn by lot")
    REPEATED = "repeated", _("Answer repeats others")


class Finding(models.TextChoices):
    IN_ORDER = "in_order", _("In order")
    NOT_IN_ORDER = "not_in_order", _("Not in order")


class SampledCase(models.Model):
    """One cycle of a case that is to be looked at once it is closed.

    Who looked, when and why they found so is an event of the case; here is what lists and figures ask for.
    """

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="samples", db_index=False)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    cause = models.CharField(_("drawn because"), max_length=8, choices=Cause)
    at = models.DateTimeField(_("drawn at"))
    finding = models.CharField(_("finding"), max_length=12, choices=Finding, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("sampled case")
        verbose_name_plural = _("sampled cases")
        constraints = [models.UniqueConstraint(fields=["complaint", "cycle"], name="sampled_once_per_cycle")]
        indexes = [models.Index(fields=["finding", "at"], name="sample_to_look_at")]

    def __str__(self):
        return f"{self.complaint_id}/{self.cycle} {self.cause}"

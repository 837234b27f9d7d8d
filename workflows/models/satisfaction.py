"""What reporters think of how their case was handled; one answer per cycle, so a review is judged apart."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency


class Verdict(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Satisfaction(models.Model):
    """Stars and two questions after a case was closed. Agency and way of closing are those of the moment."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="satisfaction")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency that answered")
    )
    stars = models.PositiveSmallIntegerField(_("stars"))
    is_remedied = models.CharField(_("is the problem solved?"), max_length=8, choices=Verdict)
    was_clear = models.CharField(_("was the answer clear?"), max_length=8, choices=Verdict)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["complaint", "cycle"]
        verbose_name = _("satisfaction with a case")
        verbose_name_plural = _("satisfaction with cases")
        indexes = [models.Index(fields=["agency", "at"], name="satisfaction_agency_at")]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="satisfaction_once_per_cycle"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="satisfaction_one_to_five_stars"),
        ]

    def __str__(self):
        return f"{self.complaint_id}/{self.cycle}: {self.stars}"

"""A case split among agencies, who decides when two have refused it, and a referral's receipt."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Region


class CasePart(models.Model):
    """A case made for one agency's share of another; the whole waits for all its parts."""

    whole = models.ForeignKey("workflows.Complaint", models.PROTECT, related_name="parts")
    part = models.OneToOneField("workflows.Complaint", models.PROTECT, related_name="part_of")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("part of a case")
        verbose_name_plural = _("parts of cases")
        constraints = [
            models.CheckConstraint(condition=~models.Q(whole=models.F("part")), name="case_is_no_part_of_itself")
        ]

    def __str__(self):
        return f"{self.part_id} of {self.whole_id}"


class Arbiter(models.Model):
    """Who decides in a region when two agencies have said "not ours". Without one the administrators do."""

    region = models.OneToOneField(Region, models.CASCADE, related_name="arbiter", verbose_name=_("region"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("arbiter"))

    class Meta:
        verbose_name = _("arbiter")
        verbose_name_plural = _("arbiters")

    def __str__(self):
        return f"{self.region}: {self.user}"

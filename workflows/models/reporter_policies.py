"""What a region decides about the reporter's page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Region


class ReporterPolicy(models.Model):
    """A region without a row uses the defaults."""

    region = models.OneToOneField(Region, models.CASCADE, related_name="reporter_policy", verbose_name=_("region"))
    shows_officer = models.BooleanField(
        _("reporters read the officer's name"),
        default=False,
        help_text=_("Otherwise they read the office only."),
    )
    # PermenPANRB 62/2018 and UU 25/2009: the longest class ends after sixty working days.
    dossier_after_days = models.PositiveSmallIntegerField(
        _("working days until a dossier for the Ombudsman is offered"), default=60
    )

    class Meta:
        verbose_name = _("settings of the reporter's page")
        verbose_name_plural = _("settings of the reporter's pages")

    def __str__(self):
        return str(self.region)

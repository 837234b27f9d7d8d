"""An agency's working week and joint-leave habit from a day on; before the first row the agency's own fields hold."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Agency

if TYPE_CHECKING:
    from core.models import User


class AgencyWeekQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(agency__in=Agency.objects.visible_to(user))


class AgencyWeek(models.Model):
    """From ``valid_from`` until the agency's next row."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="weeks", verbose_name=_("agency"))
    valid_from = models.DateField(_("valid from"))
    working_week = models.CharField(_("working week"), max_length=10, choices=Agency.WorkingWeek)
    joint_leave_observed = models.BooleanField(_("closed on joint leave"), default=True)
    source = models.CharField(_("document"), max_length=250)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )

    objects = AgencyWeekQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "valid_from"]
        verbose_name = _("working week of an agency")
        verbose_name_plural = _("working weeks of agencies")
        constraints = [models.UniqueConstraint(fields=["agency", "valid_from"], name="agency_week_begins_once")]

    def __str__(self):
        return f"{self.agency}: {self.get_working_week_display()} ({self.valid_from})"

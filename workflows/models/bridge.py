"""What passed between this desk and SP4N-LAPOR!: files read, reports as they stand there, daily totals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region


class BridgeImport(models.Model):
    """One file that was read for good."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    sha256 = models.CharField(max_length=64, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    # How many rows did what: {"opened": 3, "history": 120, "conflict": 2, …}.
    counts = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("file from SP4N-LAPOR!")
        verbose_name_plural = _("files from SP4N-LAPOR!")

    def __str__(self):
        return f"{self.region_id} {self.at:%Y-%m-%d %H:%M}"


class ExternalReport(models.Model):
    """One report as SP4N-LAPOR! last told it, beside the case here. Its dates are its own and never ours."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    complaint = models.OneToOneField(
        "workflows.Complaint", models.PROTECT, related_name="external_report", verbose_name=_("complaint")
    )
    tracking = models.CharField(_("SP4N tracking number"), max_length=20)
    status = models.CharField(_("status there"), max_length=24)
    received_on = models.DateField(_("received there on"))
    closed_on = models.DateField(_("ended there on"), null=True, blank=True)
    agency = models.CharField(_("agency there"), max_length=200, blank=True)
    # Came here when it had already ended: counted apart, not judged by our calendar.
    is_history = models.BooleanField(_("history"), default=False)
    differs = models.BooleanField(_("status differs from ours"), default=False)
    digest = models.CharField(max_length=64, editable=False)
    seen_in = models.ForeignKey(BridgeImport, models.PROTECT, related_name="reports")

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = _("report in SP4N-LAPOR!")
        verbose_name_plural = _("reports in SP4N-LAPOR!")
        constraints = [
            models.UniqueConstraint(fields=["region", "tracking"], name="external_report_once_per_region"),
        ]
        indexes = [
            models.Index(fields=["region"], condition=Q(differs=True), name="external_report_differs"),
        ]

    def __str__(self):
        return f"#{self.tracking}"


class BridgeDay(models.Model):
    """The totals of one day, kept so that a gap can be dated. Parts and whole are counted apart."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+", verbose_name=_("region"))
    on = models.DateField(_("day"))
    # {"ours": {status there: n}, "theirs": {…}, "not_entered": n, "only_here": n, "differ": n}
    totals = models.JSONField(default=dict)

    class Meta:
        ordering = ["-on"]
        verbose_name = _("daily reconciliation")
        verbose_name_plural = _("daily reconciliations")
        constraints = [models.UniqueConstraint(fields=["region", "on"], name="reconciled_once_a_day")]

    def __str__(self):
        return f"{self.region_id} {self.on}"

"""How long a reporter's data is kept, and the proof that it is gone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region

from .categories import Category


class RetentionRule(models.Model):
    """After how many days since a case ended the reporter's data is erased; the rule of the category goes first."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="retention_rules", verbose_name=_("region"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("Leave empty for every category without a rule of its own."),
    )  # fmt: skip
    days = models.PositiveIntegerField(_("days after the end"))
    is_active = models.BooleanField(_("active"), default=True)
    pause_reason = models.CharField(_("why it is paused"), max_length=250, blank=True)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)

    class Meta:
        ordering = ["region", "category"]
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.UniqueConstraint(fields=["region", "category"], name="retention_once_per_category"),
            models.UniqueConstraint(
                fields=["region"], condition=Q(category__isnull=True), name="retention_once_for_the_rest"
            ),
            models.CheckConstraint(condition=Q(days__gte=30), name="retention_at_least_thirty_days"),
            models.CheckConstraint(
                condition=Q(is_active=True, pause_reason="") | Q(is_active=False) & ~Q(pause_reason=""),
                name="paused_retention_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.region_id} {self.category_id or '*'}: {self.days}"


class ErasureReport(models.Model):
    """What was erased of one case and what a search for it found afterwards; never what it said."""

    complaint = models.ForeignKey("workflows.Complaint", models.PROTECT, related_name="erasures")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=250)
    at = models.DateTimeField(_("at"), db_index=True)
    # Numbers by place: {"identity": 3, "messages": 2, …}
    erased = models.JSONField(default=dict)
    # The same for what the search found afterwards; all zero when the proof holds.
    left = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("proof of erasure")
        verbose_name_plural = _("proofs of erasure")

    def __str__(self):
        return f"{self.complaint_id} {self.at:%Y-%m-%d}"

    @property
    def is_clean(self) -> bool:
        return not any(self.left.values())

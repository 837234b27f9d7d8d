"""Proofs of a visit, and how often a poster was opened. Nothing here can be joined with an answer.

Of a visit slip only a digest is kept, with the place and the last day. Its number follows from the digest, so no order
of issue survives; a spent slip says that it is spent, not when.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.permissions import ALL_ROLES, scope_of

from .collecting import ServicePoint

if TYPE_CHECKING:
    from core.models import User


class OfPointQuerySet(models.QuerySet):
    """Rows of service points."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="point__agency__"))


class VisitToken(models.Model):
    """One slip. ``id`` is the head of the digest (surveys.visitcodes), never a running number; as SQLite's own row
    number it leaves no second, hidden order."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="visit_tokens")
    expires_on = models.DateField()
    is_spent = models.BooleanField(default=False)

    objects = OfPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit slip")
        verbose_name_plural = _("visit slips")

    def __str__(self):
        return self.digest[:8]


class VisitIssue(models.Model):
    """Who had how many slips made, for the eyes of an auditor. It names no slip."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="visit_issues")
    count = models.PositiveIntegerField()
    issued_on = models.DateField()
    expires_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OfPointQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("issue of visit slips")
        verbose_name_plural = _("issues of visit slips")
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="visit_issue_has_slips")]

    def __str__(self):
        return f"{self.point_id} {self.issued_on} {self.count}"


class ScanCount(models.Model):
    """How often the form of a point was opened on a day. No address, no device, no time of day."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="scan_counts")
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)

    objects = OfPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan count")
        verbose_name_plural = _("scan counts")
        constraints = [models.UniqueConstraint(fields=["point", "day"], name="scan_count_once_a_day")]

    def __str__(self):
        return f"{self.point_id} {self.day}: {self.opened}"

"""Routing rules as versions, and the classifier a region learned from its own past cases. Both only suggest."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region
from core.permissions import scope_of
from workflows.permissions import REGION_READERS

if TYPE_CHECKING:
    from core.models import User


class RoutingQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Rows of the regions whose desk or audit the person belongs to."""
        return self.filter(scope_of(user).region_q(REGION_READERS))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class RoutingRules(models.Model):
    """One version of a region's list of rules. The newest published one counts; it is never changed again."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="routing_rules", verbose_name=_("region"))
    number = models.PositiveIntegerField(_("version"))
    # See ``workflows.routing.read_rules``: ids, codes and words, nothing to execute.
    rules = models.JSONField(default=list, blank=True)
    note = models.CharField(_("what changed"), max_length=250, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"), null=True, blank=True
    )
    made_at = models.DateTimeField(_("written at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
        null=True,
        blank=True,
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # What the dry run said when it was published: {"total": …, "matched": …, "right": …}.
    proof = models.JSONField(default=dict, blank=True)

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-number"]
        verbose_name = _("routing rules")
        verbose_name_plural = _("routing rules")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="routing_rules_number_once"),
            models.UniqueConstraint(
                fields=["region"], condition=Q(published_at__isnull=True), name="routing_rules_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="routing_rules_say_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class RoutingModel(models.Model):
    """Word counts learned from one region's forwarded cases, with what it was worth on newer ones."""

    class Target(models.TextChoices):
        AGENCY = "agency", _("Agency")
        CATEGORY = "category", _("Topic")

    region = models.ForeignKey(Region, models.CASCADE, related_name="routing_models", verbose_name=_("region"))
    target = models.CharField(_("suggests"), max_length=10, choices=Target)
    trained_at = models.DateTimeField(_("trained at"))
    texts = models.PositiveIntegerField(_("cases learned from"))
    payload = models.JSONField(default=dict)
    # Below this margin it says nothing; null: it never does, because it was not right often enough.
    threshold = models.FloatField(null=True, blank=True)
    tested = models.PositiveIntegerField(_("held-out cases"), default=0)
    suggested = models.PositiveIntegerField(_("suggested"), default=0)
    right = models.PositiveIntegerField(_("right"), default=0)

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["-trained_at", "-pk"]
        verbose_name = _("learned routing")
        verbose_name_plural = _("learned routings")
        constraints = [models.UniqueConstraint(fields=["region", "target"], name="one_routing_model_per_region")]

    def __str__(self):
        return f"{self.region} {self.target}"

    @property
    def coverage(self) -> float | None:
        return self.suggested / self.tested if self.tested else None

    @property
    def precision(self) -> float | None:
        return self.right / self.suggested if self.suggested else None

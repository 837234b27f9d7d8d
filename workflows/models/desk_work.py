"""What officers keep beside the cases: their filters, and how far they have read."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region
from core.permissions import ALL_ROLES, scope_of

if TYPE_CHECKING:
    from core.models import User


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The person's own, and what is shared in a region where the person works."""
        scope = scope_of(user)
        works_in = scope.region_q(ALL_ROLES) | scope.agency_q(ALL_ROLES, prefix="region__agencies__")
        return self.filter(Q(owner=user) | Q(region__isnull=False) & works_in).distinct()


class SavedFilter(models.Model):
    """A queue by name: of one person, or shared by everybody of a region."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_filters",
        verbose_name=_("of"),
    )
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("shared in")
    )
    name = models.CharField(_("name"), max_length=60)
    # The query string of the list, checked by its form when it was saved.
    query = models.CharField(max_length=500)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["region", "name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, region__isnull=True) | Q(owner__isnull=True, region__isnull=False),
                name="saved_filter_is_own_or_shared",
            ),
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once_per_person"),
            models.UniqueConstraint(fields=["region", "name"], name="saved_filter_name_once_per_region"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.region_id is not None


class CaseReading(models.Model):
    """How far somebody has read a case: the version last seen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="readings")
    version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [models.UniqueConstraint(fields=["user", "complaint"], name="case_read_once_per_person")]

    def __str__(self):
        return f"{self.user_id} {self.complaint_id} v{self.version}"

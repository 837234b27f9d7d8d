"""Whom a row of local policy holds for: the whole country, one region, or one agency and below."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Region
from core.permissions import ALL_ROLES, scope_of

if TYPE_CHECKING:
    from core.models import User


class ScopedQuerySet(models.QuerySet):
    """Rows for everybody (no region), for one region, or for one agency and the units below it."""

    def applying_to(self, agency: Agency | None) -> Self:
        """Rows that hold for the agency; without one, those of the whole country."""
        if agency is None:
            return self.filter(region__isnull=True)
        above = [int(pk) for pk in agency.path.strip("/").split("/") if pk]
        unit = Q(agency__isnull=True) | Q(agency_id__in=above)
        return self.filter(Q(region__isnull=True) | Q(region_id=agency.region_id) & unit)

    def visible_to(self, user: "User") -> Self:
        """National rows, and those of regions and agencies on which the person holds a role."""
        scope = scope_of(user)
        if not scope.has_any(ALL_ROLES):
            return self.none()
        own = scope.region_q(ALL_ROLES) | Q(agency__in=Agency.objects.visible_to(user))
        whole_region = Q(agency__isnull=True, region__in=Agency.objects.visible_to(user).values("region"))
        return self.filter(Q(region__isnull=True) | own | whole_region)


class CalendarScope(models.Model):
    """Whom a row holds for. Without a region it holds for the whole country."""

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Leave empty for the whole country."),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agency"),
        help_text=_("Leave empty for all agencies of the region."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=True) | Q(region__isnull=False), name="%(class)s_agency_has_region"
            )
        ]

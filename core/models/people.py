"""People of the government and what they may do where."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.permissions import Role

from .agencies import Agency
from .places import Region

__all__ = ["Role", "RoleAssignment", "User"]


class User(AbstractUser):
    """A member of staff. Citizens never need an account."""

    name = models.CharField(_("full name"), max_length=150)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("agency")
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username


class RoleAssignment(models.Model):
    """One role of one person, over a whole region or over an agency and the units below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="role_assignments", verbose_name=_("region")
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="role_assignments", verbose_name=_("agency")
    )

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, agency__isnull=True) | Q(region__isnull=True, agency__isnull=False),
                name="role_has_exactly_one_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region"], condition=Q(region__isnull=False), name="role_once_per_region"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "agency"], condition=Q(agency__isnull=False), name="role_once_per_agency"
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.region or self.agency}"

"""People of the government and what they may do where."""

from collections.abc import Collection
from typing import Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.permissions import Role, Scope, scope_of
from core.roles import scope_fits

from .agencies import Agency
from .places import Region

__all__ = ["Role", "RoleAssignment", "User"]


PEOPLE_READERS = frozenset({Role.REGIONAL_ADMIN, Role.AUDITOR})
PEOPLE_MANAGERS = frozenset({Role.REGIONAL_ADMIN})


class StaffQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """People of the agencies somebody administers or audits, and whoever holds a role there."""
        scope = scope_of(user)
        if scope.is_superuser:
            return self
        held = RoleAssignment.objects.within(scope, PEOPLE_READERS)
        own = Q(pk__in=held.values("user")) | scope.agency_q(PEOPLE_READERS, prefix="agency__")
        return self.filter(own, is_superuser=False)

    def manageable_by(self, user: "User") -> Self:
        """People whose every role lies inside what somebody administers.

        Whoever can change an account can take it over, so one role outside the own scope, or
        being a superuser, puts an account out of reach.
        """
        scope = scope_of(user)
        if scope.is_superuser:
            return self
        inside = RoleAssignment.objects.within(scope, PEOPLE_MANAGERS)
        outside = RoleAssignment.objects.exclude(pk__in=inside.values("pk"))
        at_home = Q(agency__isnull=True) | scope.agency_q(PEOPLE_MANAGERS, prefix="agency__")
        known = Q(agency__isnull=False) | Q(pk__in=inside.values("user"))
        return self.filter(at_home, known, is_superuser=False).exclude(pk__in=outside.values("user"))


class StaffManager(UserManager.from_queryset(StaffQuerySet)):  # type: ignore[misc]
    """Django's user manager with the scopes above; migrations need neither."""

    use_in_migrations = False


class User(AbstractUser):
    """A member of staff. Citizens never need an account."""

    name = models.CharField(_("full name"), max_length=150)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("agency")
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects = StaffManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username


class RoleAssignmentQuerySet(models.QuerySet):
    def within(self, scope: Scope, roles: Collection[str]) -> Self:
        """Assignments whose whole area is covered by one of the roles."""
        return self.filter(scope.region_q(roles) | scope.agency_q(roles, prefix="agency__"))


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

    objects = RoleAssignmentQuerySet.as_manager()

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

    def clean(self):
        if self.role and not scope_fits(self.role, over_region=self.region_id is not None):
            raise ValidationError(_("This role cannot be given over that kind of area."))

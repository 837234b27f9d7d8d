"""Agencies and the services they offer. Plain rows: pages only show them."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from core.permissions import ALL_ROLES, scope_of

from .places import District, Region

if TYPE_CHECKING:
    from .people import User


class PeriodQuerySet(models.QuerySet):
    """Rows with ``active_from`` / ``active_until`` (half-open: the last day is not included)."""

    def active(self, on: date) -> Self:
        started = Q(active_from__isnull=True) | Q(active_from__lte=on)
        not_ended = Q(active_until__isnull=True) | Q(active_until__gt=on)
        return self.filter(started, not_ended)


class AgencyQuerySet(PeriodQuerySet):
    def within(self, agency: "Agency") -> Self:
        """The agency and every unit below it."""
        return self.filter(path__startswith=agency.path)

    def in_tree_order(self) -> Self:
        """Units below their agency, by name on each level (four levels deep)."""
        above = [
            Case(When(**{f"{lookup}__isnull": True}, then=Value("")), default=Concat(f"{lookup}__name", Value("/")))
            for lookup in ("parent__parent__parent", "parent__parent", "parent")
        ]
        return self.order_by("region__code", Concat(*above, "name", output_field=models.TextField()), "pk")

    def visible_to(self, user: "User") -> Self:
        """Agencies on which the person holds any role."""
        return self.filter(scope_of(user).agency_q(ALL_ROLES))


class Agency(models.Model):
    """A perangkat daerah (OPD) or a unit below it: UPT, puskesmas, kecamatan, desa."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Local government")
        SECRETARIAT = "secretariat", _("Secretariat")
        OFFICE = "office", _("Office (dinas)")
        BOARD = "board", _("Board (badan)")
        DISTRICT = "district", _("District office (kecamatan)")
        VILLAGE = "village", _("Village office (desa/kelurahan)")
        UNIT = "unit", _("Technical unit (UPT)")
        HEALTH_CENTRE = "health_centre", _("Health centre (puskesmas)")
        HOSPITAL = "hospital", _("Hospital")
        ENTERPRISE = "enterprise", _("Regional enterprise (BUMD)")

    class WorkingWeek(models.TextChoices):
        FIVE_DAY = "five_day", _("Five days, Monday to Friday")
        SIX_DAY = "six_day", _("Six days, Monday to Saturday")

    region = models.ForeignKey(Region, models.PROTECT, related_name="agencies", verbose_name=_("region"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent agency")
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OFFICE)
    district = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, related_name="agencies", verbose_name=_("district")
    )
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("active until"), null=True, blank=True)
    working_week = models.CharField(_("working week"), max_length=10, choices=WorkingWeek, default=WorkingWeek.FIVE_DAY)
    joint_leave_observed = models.BooleanField(
        _("closed on joint leave"),
        default=True,
        help_text=_("Switch off for hospitals, health centres and counters that serve on joint leave days."),
    )
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")
    # Images and documents of the agency's section; made by sync_roles when there is an editor.
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.SET_NULL, null=True, blank=True, editable=False, related_name="agency"
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="agency_code_unique_in_region"),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True)
                | Q(active_until__isnull=True)
                | Q(active_until__gt=F("active_from")),
                name="agency_active_period_runs_forward",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def depth(self) -> int:
        """0 for an agency without a parent."""
        return self.path.count("/") - 2

    @property
    def indented_name(self) -> str:
        """For choice fields, where a tree can only be shown with dashes."""
        return f"{'– ' * self.depth}{self.name}"

    def covers(self, other: "Agency") -> bool:
        """Whether the other agency is this one or lies below it."""
        return other.path.startswith(self.path)


class AgencyName(models.Model):
    """A name the agency bore, so that old results keep the name they were made under."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["agency", F("valid_from").asc(nulls_first=True)]
        verbose_name = _("agency name")
        verbose_name_plural = _("agency names")
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(valid_until__isnull=True), name="agency_has_one_current_name"
            )
        ]

    def __str__(self):
        return self.name


class ServiceQuerySet(PeriodQuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="agency__"))

    def public(self) -> Self:
        return self.filter(audience=Service.Audience.PUBLIC)


class Service(models.Model):
    """A kind of service one agency offers, to the public or to other officers."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal (civil servants)")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="services", verbose_name=_("agency"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.PUBLIC)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("active until"), null=True, blank=True)
    # One: renewed or merged. Several: split. What was counted for this service stays counted for it.
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        verbose_name=_("continued as"),
        help_text=_("After its end: the services that took its place. Old posters then lead to them."),
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "name"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="service_code_unique_in_agency"),
        ]

    def __str__(self):
        return self.name

    def has_ended(self, on: date) -> bool:
        return self.active_until is not None and self.active_until <= on

"""Regions and the places inside them, keyed by the Ministry of Home Affairs' codes."""

from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.permissions import Role, scope_of

if TYPE_CHECKING:
    from .people import User


# Verifiers and editors of a region work in it, but only these two look at its settings.
REGION_READERS = frozenset({Role.REGIONAL_ADMIN, Role.AUDITOR})


class RegionQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).region_q(REGION_READERS, field="pk"))


class Region(models.Model):
    """A local government: one regency, city or province, with its own website."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency")
        CITY = "city", _("City")

    # The three zones of Indonesia; days are counted in the region's zone, not the server's.
    ZONES = [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(_("time zone"), max_length=40, choices=ZONES, default="Asia/Jakarta")
    site = models.OneToOneField("wagtailcore.Site", models.SET_NULL, null=True, blank=True, related_name="region")
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.SET_NULL, null=True, blank=True, editable=False, related_name="region"
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        """Seven names exist as regency and as city, so the kind is always printed."""
        return {"regency": "Kabupaten ", "city": "Kota ", "province": "Provinsi "}[self.kind] + self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class District(models.Model):
    """Kecamatan."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    region = models.ForeignKey(Region, models.CASCADE, related_name="districts")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["code"]
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self):
        return self.name


class Village(models.Model):
    """Desa or kelurahan. Names repeat inside a regency, so everything refers to the code or id."""

    class Kind(models.TextChoices):
        RURAL = "desa", "Desa"
        URBAN = "kelurahan", "Kelurahan"

    code = models.CharField(_("code"), max_length=16, unique=True)
    district = models.ForeignKey(District, models.CASCADE, related_name="villages")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    class Meta:
        ordering = ["district__code", "name"]
        verbose_name = _("village")
        verbose_name_plural = _("villages")

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}"

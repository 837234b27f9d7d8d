"""What complaints are about, and how a region's complaint desk works. Local policy, editable."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Region
from core.permissions import ALL_ROLES, scope_of
from workflows.sampling import LEAST_SHARE, USUAL_SHARE, WHOLE_SHARE

if TYPE_CHECKING:
    from core.models import User


class CategoryQuerySet(models.QuerySet):
    def active(self, on: date) -> Self:
        """Categories in use on a day (half-open period)."""
        started = Q(active_from__isnull=True) | Q(active_from__lte=on)
        return self.filter(started, Q(active_until__isnull=True) | Q(active_until__gt=on))

    def visible_to(self, user: "User") -> Self:
        """The common list, and the additions of regions in which the person holds a role."""
        scope = scope_of(user)
        if not scope.has_any(ALL_ROLES):
            return self.none()
        own = scope.region_q(ALL_ROLES) | Q(region__in=Agency.objects.visible_to(user).values("region"))
        return self.filter(Q(region__isnull=True) | own)

    def for_region(self, region: Region) -> Self:
        """The common list and the region's own additions."""
        return self.filter(Q(region__isnull=True) | Q(region=region))


class Category(models.Model):
    """A topic. Crisis topics come and go, so each has a period."""

    code = models.SlugField(_("code"), max_length=60)
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="categories", verbose_name=_("region")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    # Main categories of SP4N-LAPOR!; the first is used when a case is exported.
    sp4n_main = models.JSONField(_("SP4N main categories"), default=list, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_until = models.DateField(_("active until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("complaint category")
        verbose_name_plural = _("complaint categories")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(region__isnull=True), name="category_code_unique_in_common_list"
            ),
            models.UniqueConstraint(fields=["region", "code"], name="category_code_unique_in_region"),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True)
                | Q(active_until__isnull=True)
                | Q(active_until__gt=F("active_from")),
                name="category_period_runs_forward",
            ),
        ]

    def __str__(self):
        return self.name_en if self.name_en and get_language() == "en" else self.name


class ComplaintDesk(models.Model):
    """How one region works its complaints: the letters before its numbers, who coordinates, and waiting times."""

    region = models.OneToOneField(Region, models.CASCADE, related_name="complaint_desk", verbose_name=_("region"))
    prefix = models.CharField(
        _("letters before the number"),
        max_length=6,
        validators=[RegexValidator(r"^[A-Z]{2,6}$", _("Two to six capital letters."))],
    )
    # Its calendar counts the citizen's clock; usually the communications office.
    coordinator = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("coordinating agency")
    )
    info_wait_days = models.PositiveSmallIntegerField(
        _("days to wait for information"),
        default=10,
        help_text=_("Working days; then the case goes back to the verifier."),
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("days in which a closed case may be reopened"), default=14, help_text=_("Calendar days.")
    )
    backdate_days = models.PositiveSmallIntegerField(
        _("days an entry may be dated back"),
        default=2,
        help_text=_("Working days; an earlier day of receipt waits for a supervisor."),
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("closed cases looked at again, in per cent"),
        default=USUAL_SHARE,
        validators=[MinValueValidator(LEAST_SHARE), MaxValueValidator(WHOLE_SHARE)],
        help_text=_("Drawn by lot; somebody who did not handle the case looks at it."),
    )
    # Mail to this address is read from the mailbox of the installation (``manage.py read_mail``).
    mail_address = models.EmailField(_("address for complaints by e-mail"), blank=True)

    class Meta:
        verbose_name = _("complaint desk")
        verbose_name_plural = _("complaint desks")

    def __str__(self):
        return f"{self.prefix} – {self.region}"


class ReferenceCounter(models.Model):
    """The last number given out in a region and year; its row is locked while a number is taken."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "year"], name="one_counter_per_region_and_year")]

    def __str__(self):
        return f"{self.region} {self.year}: {self.last}"

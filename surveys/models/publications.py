"""Results as they were made public. A row is never changed; a correction is a further row that says why."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Region, Service
from core.periods import Period, any_period_from_key
from core.permissions import ALL_ROLES, scope_of

if TYPE_CHECKING:
    from core.models import User


class PublishedIndexQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Of the own agencies; of a whole region for those with a role over the region."""
        scope = scope_of(user)
        return self.filter(scope.agency_q(ALL_ROLES, prefix="agency__") | scope.region_q(ALL_ROLES))

    def valid(self) -> Self:
        """Without those a later revision replaced."""
        later = PublishedIndex.objects.filter(
            subject=OuterRef("subject"), period=OuterRef("period"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))


class PublishedIndex(models.Model):
    """One frozen result of a service, an agency or a region, with everything that was shown beside it.

    The database refuses to change or delete a row (surveys/triggers.py), so nothing that happens to answers, names
    or forms afterwards reaches a figure that people have read.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="published_indexes", verbose_name=_("region"))
    # Empty for the result of the whole region; a service's row names its agency too.
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="published_indexes", verbose_name=_("agency")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="published_indexes", verbose_name=_("service")
    )
    # "agency:12": which of the three, and which row; makes "one revision 2 per result" a plain constraint.
    subject = models.CharField(max_length=40, editable=False)
    period = models.CharField(_("period"), max_length=17)
    start = models.DateField()
    end = models.DateField()
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True, default="")
    n = models.PositiveIntegerField(_("answers"))
    index = models.DecimalField(_("index"), max_digits=5, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=4)
    # Everything published; see surveys/selectors/freezing.py for its shape.
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PublishedIndexQuerySet.as_manager()

    class Meta:
        # Newest period first; where a year and its last quarter end together, the year.
        ordering = ["-end", "start", "-revision"]
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        constraints = [
            models.UniqueConstraint(fields=["subject", "period", "revision"], name="published_index_revision_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="published_index_revision_from_one"),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(reason=""), name="published_index_correction_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="published_index_runs_forward"),
            models.CheckConstraint(
                condition=Q(service__isnull=True) | Q(agency__isnull=False), name="published_index_service_has_agency"
            ),
        ]
        indexes = [models.Index(fields=["region", "-end"], name="published_index_region_newest")]

    def __str__(self):
        return str(self.service or self.agency or self.region)

    @property
    def reporting_period(self) -> Period:
        return any_period_from_key(self.period)

    @property
    def is_correction(self) -> bool:
        return self.revision > 1

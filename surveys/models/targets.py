"""How many people a unit serves in a period, and so how many of them have to be asked."""

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Service
from core.periods import Period, period_from_key
from core.permissions import ALL_ROLES, scope_of
from surveys.sample import sample_size

if TYPE_CHECKING:
    from core.models import User


class SurveyTargetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="agency__"))


class SurveyTarget(models.Model):
    """The number of users of an agency, or of one of its services, in a period."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="survey_targets", verbose_name=_("agency"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="survey_targets", verbose_name=_("service")
    )
    # See core/periods.py: "2026Q3"; the days are copied so that the database can compare them.
    period = models.CharField(_("period"), max_length=8)
    start = models.DateField(editable=False)
    end = models.DateField(editable=False)
    population = models.PositiveIntegerField(
        _("users served"),
        validators=[MinValueValidator(1)],
        help_text=_("How many people used the service in the period before; the sample follows from it."),
    )

    objects = SurveyTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-end", "start", "agency", "service"]
        verbose_name = _("survey target")
        verbose_name_plural = _("survey targets")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period"], condition=Q(service__isnull=True), name="survey_target_once_per_agency"
            ),
            models.UniqueConstraint(
                fields=["service", "period"], condition=Q(service__isnull=False), name="survey_target_once_per_service"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="survey_target_runs_forward"),
            models.CheckConstraint(condition=Q(population__gte=1), name="survey_target_serves_somebody"),
        ]

    def __str__(self):
        return f"{self.service or self.agency} {self.period}"

    def save(self, *args, **kwargs):
        self._copy_days()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.service_id and self.agency_id and self.service.agency_id != self.agency_id:
            raise ValidationError({"service": _("This service belongs to another agency.")})
        if self.period:
            self._copy_days()

    def _copy_days(self) -> None:
        found = period_from_key(self.period)
        self.start, self.end = found.start, found.end

    @property
    def reporting_period(self) -> Period:
        return period_from_key(self.period)

    @property
    def sample(self) -> int:
        """Respondents needed (Krejcie and Morgan)."""
        return sample_size(self.population)

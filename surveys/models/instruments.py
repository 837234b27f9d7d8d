"""Instruments: the law of a survey as versioned data. Elements are keyed by code, never by number.

A version is a draft until the first questionnaire is published with it, and never changed from then on: ``save`` and
``delete`` refuse it here, triggers (surveys/triggers.py) in the database.
"""

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.models import Agency, Region
from core.permissions import ALL_ROLES, scope_of
from surveys.index import BANDS_2017, Method, RoundingRule, WeightRule, bands_from

if TYPE_CHECKING:
    from core.models import User

MAXIMUM_SLOTS = 14
MAXIMUM_SCALE = 10
WEIGHT_LABELS = {
    WeightRule.EXACT.value: _("1 / number of elements answered (official)"),
    WeightRule.OWN.value: _("a weight of its own for each element"),
    WeightRule.LITERAL_0111.value: _("0.111 for each element (old reports)"),
    WeightRule.LITERAL_01111.value: _("0.1111 for each element (old reports)"),
    WeightRule.LITERAL_011.value: _("0.11 for each element (old reports)"),
    WeightRule.LITERAL_0071.value: _("0.071 for each element (2004)"),
}
ROUNDING_LABELS = {
    RoundingRule.PRINT.value: _("only when printed (official)"),
    RoundingRule.NRR_2.value: _("means to two decimals first (old reports)"),
    RoundingRule.NRR_3.value: _("means to three decimals first (old reports)"),
    RoundingRule.WEIGHTED_2.value: _("weighted means to two decimals first (old reports)"),
    RoundingRule.WEIGHTED_3.value: _("weighted means to three decimals first (old reports)"),
    RoundingRule.NI_3.value: _("the sum of weighted means to three decimals first (old reports)"),
}


# What may be corrected on a version in use: no figure depends on it.
NOTES = frozenset({"is_offered", "certainty", "source"})


def official_bands() -> list[dict[str, str]]:
    """The grades of 2017, as stored."""
    return [{"grade": band.grade, "label": band.label, "lower": str(band.lower)} for band in BANDS_2017]


class InUse(ValidationError):
    """Raised when an instrument version that answers were given under would change."""

    def __init__(self) -> None:
        super().__init__(_("This version is in use and never changes. Make a new version from it."))


class NationalOrOwnQuerySet(models.QuerySet):
    """Rows without a region are everybody's, the others their region's."""

    def visible_to(self, user: "User") -> Self:
        scope = scope_of(user)
        if scope.is_superuser or not scope.has_any(ALL_ROLES):
            return self.all() if scope.is_superuser else self.none()
        agencies = Agency.objects.filter(scope.agency_q(ALL_ROLES))
        own = scope.region_q(ALL_ROLES) | Q(region__in=agencies.values("region"))
        return self.filter(Q(region__isnull=True) | own)

    def for_region(self, region: Region) -> Self:
        return self.filter(Q(region__isnull=True) | Q(region=region))


class VersionQuerySet(NationalOrOwnQuerySet):
    def offered(self) -> Self:
        """What a new survey may choose; the others are kept for history or not certain enough yet."""
        return self.filter(is_offered=True)


class Instrument(models.Model):
    """A family of versions whose indexes belong on one line, e.g. the SKM."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    # Empty: an instrument of the country.
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="instruments", verbose_name=_("region")
    )
    # A regulation fixes codes, order, scale, weights and grades; only the wording of a new version may differ.
    is_official = models.BooleanField(_("fixed by a regulation"), default=False, editable=False)

    objects = NationalOrOwnQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def __str__(self):
        return self.name


class InstrumentVersion(ClusterableModel):
    """Elements, scale, weights, rounding and grades under one regulation. Once used, never changed."""

    class Certainty(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed by several sources")
        ONE_SOURCE = "one_source", _("One source")
        PRACTICE = "practice", _("Seen in practice")
        UNCERTAIN = "uncertain", _("Uncertain: check before use")

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions", verbose_name=_("instrument"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="instrument_versions", verbose_name=_("region")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    regulation = models.CharField(_("regulation"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2200)])
    weight_rule = models.CharField(_("weight rule"), max_length=20, choices=WEIGHT_LABELS, default="exact")
    rounding_rule = models.CharField(_("rounding rule"), max_length=20, choices=ROUNDING_LABELS, default="print")
    scale_min = models.PositiveSmallIntegerField(_("lowest score"), default=1, editable=False)
    scale_max = models.PositiveSmallIntegerField(
        _("highest score"), default=4, validators=[MinValueValidator(2), MaxValueValidator(MAXIMUM_SCALE)]
    )
    bands = models.JSONField(_("grades"), default=official_bands)
    # Set by the first questionnaire published with it; a correction is then a new version.
    is_locked = models.BooleanField(_("in use"), default=False, editable=False)
    # The rest may be corrected at any time: no figure depends on it.
    is_offered = models.BooleanField(
        _("offered for new surveys"), default=True, help_text=_("Switch off what is kept for old results only.")
    )
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, default=Certainty.CONFIRMED)
    source = models.TextField(_("source"), max_length=600, blank=True)
    based_on = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="successors"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["instrument", "year", "code"]
        verbose_name = _("instrument version")
        verbose_name_plural = _("instrument versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(scale_min=1, scale_max__gte=2, scale_max__lte=MAXIMUM_SCALE),
                name="instrument_scale_is_1_to_10",
            ),
        ]

    def __str__(self):
        return self.name

    @cached_property
    def method(self) -> Method:
        """What the arithmetic needs of this version; one query where elements have weights of their own."""
        rules = WeightRule(self.weight_rule), RoundingRule(self.rounding_rule)
        weights: tuple[tuple[str, Fraction], ...] = ()
        if rules[0] is WeightRule.OWN:
            rows = self.elements.order_by("code").values_list("code", "weight")
            weights = tuple((code, Fraction(weight or 0)) for code, weight in rows)
        return Method(*rules, scale_max=self.scale_max, bands=bands_from(self.bands), weights=weights)

    @property
    def structure_is_fixed(self) -> bool:
        """Only the wording may differ from the version it was made from."""
        return self.instrument.is_official

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and not set(kwargs.get("update_fields") or ["all"]) <= NOTES:
            _refuse_used(InstrumentVersion.objects.filter(pk=self.pk))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        _refuse_used(InstrumentVersion.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)


class Element(models.Model):
    """One element (unsur): its scores live in ``Response.score_<slot>``."""

    version = ParentalKey(InstrumentVersion, on_delete=models.CASCADE, related_name="elements")
    code = models.SlugField(_("code"), max_length=40)
    slot = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MAXIMUM_SLOTS)], editable=False
    )
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    # {"id": "...", "en": "..."}
    question = models.JSONField(_("question"))
    # {"1": {"id": "...", "en": "..."}, …}: labels belong to the element, not to the scale.
    options = models.JSONField(_("answers"))
    # The regulation and the questionnaire number elements 8 and 9 differently; reports choose.
    list_order = models.PositiveSmallIntegerField(_("number in the regulation"))
    questionnaire_order = models.PositiveSmallIntegerField(_("number in the questionnaire"))
    # Only where the version gives each element a weight of its own; they need not add up to 1.
    weight = models.DecimalField(
        _("weight"), max_digits=7, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["version", "questionnaire_order"]
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="element_code_once_per_version"),
            models.UniqueConstraint(fields=["version", "slot"], name="element_slot_once_per_version"),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=MAXIMUM_SLOTS), name="element_slot_has_a_column"),
            models.CheckConstraint(
                condition=Q(list_order__gte=1, questionnaire_order__gte=1), name="element_orders_start_at_one"
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_used(InstrumentVersion.objects.filter(pk=self.version_id))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        _refuse_used(InstrumentVersion.objects.filter(pk=self.version_id))
        return super().delete(*args, **kwargs)


def _refuse_used(versions: VersionQuerySet) -> None:
    if versions.filter(is_locked=True).exists():
        raise InUse

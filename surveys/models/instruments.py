"""Instruments: the law of a survey as versioned data. Elements are keyed by code, never by number."""

from functools import cached_property

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.index import Method, RoundingRule, WeightRule, bands_from

MAXIMUM_SLOTS = 14
MAXIMUM_SCALE = 10


class Instrument(models.Model):
    """A family of versions whose indexes belong on one line, e.g. the SKM."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def __str__(self):
        return self.name


class InstrumentVersion(models.Model):
    """Elements, scale, weights, rounding and grades under one regulation. Once used, never changed."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    regulation = models.CharField(_("regulation"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    weight_rule = models.CharField(
        _("weight rule"), max_length=20, choices=[(rule.value, rule.value) for rule in WeightRule], default="exact"
    )
    rounding_rule = models.CharField(
        _("rounding rule"), max_length=20, choices=[(rule.value, rule.value) for rule in RoundingRule], default="print"
    )
    scale_min = models.PositiveSmallIntegerField(_("lowest score"), default=1)
    scale_max = models.PositiveSmallIntegerField(_("highest score"), default=4)
    bands = models.JSONField(_("grades"), default=list)
    # Set by the first questionnaire published with it; a correction is then a new version.
    is_locked = models.BooleanField(_("locked"), default=False, editable=False)

    class Meta:
        ordering = ["instrument", "year"]
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
        """What the arithmetic needs of this version."""
        rules = WeightRule(self.weight_rule), RoundingRule(self.rounding_rule)
        return Method(*rules, scale_max=self.scale_max, bands=bands_from(self.bands))


class Element(models.Model):
    """One element (unsur): its scores live in ``Response.score_<slot>``."""

    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="elements")
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

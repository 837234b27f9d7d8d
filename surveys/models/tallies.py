"""Stored counts of answers: derived, additive, rebuilt from the answers at any time (docs/decisions/0007-tallies.md).

A cell counts the answers of one unit, one instrument version and one stretch of time, cut by one dimension. Cells add
up: over units, over time and over the values of a dimension, never over levels, dimensions or grains.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .instruments import InstrumentVersion
from .responses import SLOTS


class Level(models.TextChoices):
    """How far a unit is divided. A leaf is survey, service and point; 0 stands for none of them."""

    LEAF = "leaf"
    AGENCY = "agency"
    REGION = "region"


class Grain(models.TextChoices):
    DAY = "d"
    MONTH = "m"
    YEAR = "y"


class Cut(models.TextChoices):
    """By what the answers of a unit are divided; ``value`` of a cell says which part it is."""

    ALL = "all"
    # Channel, verified or open visit, flagged or clean, as one value: "qr.open.clean".
    WAY = "way"
    SEX = "sex"
    AGE = "age_band"
    EDUCATION = "education"
    OCCUPATION = "occupation"


PROFILE_CUTS = (Cut.SEX, Cut.AGE, Cut.EDUCATION, Cut.OCCUPATION)
# Numbers of complete forms, per slot. ``with_total`` is the sum of score times the form's total.
INDEX_NUMBERS = tuple(f"{name}_{slot}" for slot in SLOTS for name in ("n", "total"))
MOMENT_NUMBERS = tuple(f"{name}_{slot}" for slot in SLOTS for name in ("squares", "with_total"))
# Numbers of all answers collected.
QUALITY_NUMBERS = (
    "straight", "straight_without_cost", "hasty", "burst", "staff", "trap", "duplicate", "late", "flagged",
    "timed", "under_30", "under_60", "under_120", "under_300",
)  # fmt: skip


class TallyCell(models.Model):
    """Whole numbers over the answers of one cell; sums may be rebuilt, so nothing here is protected or referred to.

    Ids are copies of those in the answers, without foreign keys: 0 means none, and makes the unique key work.
    """

    level = models.CharField(max_length=6, choices=Level)
    region_id = models.BigIntegerField()
    agency_id = models.BigIntegerField(default=0)
    survey_id = models.BigIntegerField(default=0)
    service_id = models.BigIntegerField(default=0)
    point_id = models.BigIntegerField(default=0)
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    cut = models.CharField(max_length=10, choices=Cut)
    value = models.CharField(max_length=40, blank=True, default="")
    grain = models.CharField(max_length=1, choices=Grain)
    start = models.DateField()

    collected = models.IntegerField(default=0)
    # Complete forms; everything from here to ``total_squares`` is about them.
    n = models.IntegerField(default=0)
    total = models.BigIntegerField(default=0)
    total_squares = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "agency_id", "level", "cut", "grain", "start", "value", "instrument_version",
                    "service_id", "survey_id", "point_id", "region_id",
                ],
                name="tally_cell_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["region_id", "level", "cut", "grain", "start"], name="tally_region"),
            models.Index(fields=["service_id", "cut", "grain", "start"], name="tally_service"),
            models.Index(fields=["survey_id", "cut", "grain", "start"], name="tally_survey"),
            models.Index(fields=["point_id", "cut", "grain", "start"], name="tally_point"),
        ]

    def __str__(self):
        return f"{self.level} {self.cut} {self.value} {self.grain} {self.start}"


# Empty where a cut does not keep the number: profiles have no moments and no signs of quality.
for _name in (*INDEX_NUMBERS, *MOMENT_NUMBERS, *QUALITY_NUMBERS):
    _kind = models.BigIntegerField if _name.startswith("with_total") else models.IntegerField
    TallyCell.add_to_class(_name, _kind(null=True))

KEY = (
    "level", "region_id", "agency_id", "survey_id", "service_id", "point_id", "instrument_version_id",
    "cut", "value", "grain", "start",
)  # fmt: skip


class TallyLock(models.Model):
    """One row, locked by whoever moves answers into or out of the cells."""

    folded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lock of the tallies")
        verbose_name_plural = _("locks of the tallies")

    def __str__(self):
        return str(self.folded_at)
